package dev.kluis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has a place where tokens are reviewed, against an API server that is slow, and when its keys are read. */
class TokenReviewPlacesTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));
    private static final String ISSUER = ReviewerOfTests.ISSUER;
    private static final RSAKey CLUSTER = ReviewerOfTests.key("cluster");
    private static final RSAKey NEWER = ReviewerOfTests.key("newer");
    private static final RSAKey FORGER = ReviewerOfTests.key("cluster");

    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private ReviewerOfTests reviewer;
    private TokenAuthenticator tokens;

    @BeforeEach
    void start() throws IOException {
        reviewer = new ReviewerOfTests();
        tokens = new TokenAuthenticator(reviewer.client, () -> NOW, nanos::get);
    }

    @AfterEach
    void stop() {
        reviewer.close();
        workers.close();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void isRefused(String token, Kind kind) {
        assertThatThrownBy(() -> tokens.authenticate(token))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    private void isTaken(String token) {
        assertThat(tokens.authenticate(token).name()).isEqualTo("system:serviceaccount:team:app");
    }

    /** Tokens that wait for the API server's answer, as many as there are places. */
    private List<CompletableFuture<Void>> fill(int places, Supplier<String> token) {
        reviewer.answer = new CountDownLatch(1);
        int before = reviewer.reviewing.get();
        var waiting = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < places; i++) {
            String one = token.get();
            waiting.add(CompletableFuture.runAsync(() -> isTaken(one), workers));
        }
        await().until(() -> reviewer.reviewing.get() == before + places);
        return waiting;
    }

    private void answered(List<CompletableFuture<Void>> waiting) {
        reviewer.answer.countDown();
        waiting.forEach(CompletableFuture::join);
    }

    @Test
    void attack_14_forged_tokens_and_users_take_no_places_of_accounts() {
        reviewer.publish(CLUSTER);
        var users = fill(8, () -> reviewer.user(FORGER, EXPIRES));
        isRefused(reviewer.user(FORGER, EXPIRES), Kind.BUSY);
        for (int i = 0; i < 100; i++) {
            isRefused(reviewer.account(FORGER, ISSUER, EXPIRES), Kind.REFUSED);
        }
        var account = CompletableFuture.runAsync(() -> isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES)), workers);
        await().until(() -> reviewer.reviewing.get() == 9);
        answered(users);
        account.join();
        isTaken(reviewer.user(FORGER, EXPIRES));
    }

    @Test
    void attack_14_accounts_take_no_places_of_users() {
        reviewer.publish(CLUSTER);
        var accounts = fill(16, () -> reviewer.account(CLUSTER, ISSUER, EXPIRES));
        isRefused(reviewer.account(CLUSTER, ISSUER, EXPIRES), Kind.BUSY);
        var user = CompletableFuture.runAsync(() -> isTaken(reviewer.user(FORGER, EXPIRES)), workers);
        await().until(() -> reviewer.reviewing.get() == 17);
        answered(accounts);
        user.join();
    }

    @Test
    void without_keys_to_read_few_accounts_are_reviewed_at_once_and_they_are_looked_for_again() {
        var doubtful = fill(4, () -> reviewer.account(FORGER, ISSUER, EXPIRES));
        isRefused(reviewer.account(CLUSTER, ISSUER, EXPIRES), Kind.BUSY);
        assertThat(reviewer.reads.get()).as("not for each token").isEqualTo(1);
        reviewer.publish(CLUSTER);
        pass(Duration.ofSeconds(5));
        var account = CompletableFuture.runAsync(() -> isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES)), workers);
        await().until(() -> reviewer.reviewing.get() == 5);
        answered(doubtful);
        account.join();
        assertThat(reviewer.reads.get()).isEqualTo(2);
        isRefused(reviewer.account(FORGER, ISSUER, EXPIRES), Kind.REFUSED);
    }

    @Test
    void a_newer_key_is_read_when_its_first_token_comes_and_others_of_unknown_keys_have_none_read_for_a_while() {
        reviewer.publish(CLUSTER);
        isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES));
        reviewer.publish(CLUSTER, NEWER);
        isRefused(reviewer.account(NEWER, ISSUER, EXPIRES), Kind.REFUSED);
        pass(Duration.ofSeconds(5));
        isTaken(reviewer.account(NEWER, ISSUER, EXPIRES));
        isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES));
        assertThat(reviewer.reads.get()).isEqualTo(2);
        var unknown = ReviewerOfTests.key("unknown");
        for (int i = 0; i < 50; i++) {
            isRefused(reviewer.account(unknown, ISSUER, EXPIRES), Kind.REFUSED);
            pass(Duration.ofMillis(150));
        }
        assertThat(reviewer.reads.get()).isEqualTo(3);
    }

    @Test
    void keys_that_cannot_be_read_again_are_those_that_were_read_before() {
        reviewer.publish(CLUSTER);
        isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES));
        reviewer.published.set(Optional.empty());
        pass(Duration.ofMinutes(11));
        isTaken(reviewer.account(CLUSTER, ISSUER, EXPIRES));
        isRefused(reviewer.account(FORGER, ISSUER, EXPIRES), Kind.REFUSED);
        assertThat(reviewer.reads.get()).isEqualTo(2);
    }

    @Test
    void a_token_of_an_issuer_that_the_cluster_had_before_is_the_clusters_by_its_signature() {
        reviewer.publish(CLUSTER);
        var users = fill(8, () -> reviewer.user(FORGER, EXPIRES));
        var account = CompletableFuture.runAsync(
                () -> isTaken(reviewer.account(CLUSTER, "https://before", EXPIRES)), workers);
        await().until(() -> reviewer.reviewing.get() == 9);
        answered(users);
        account.join();
    }
}
