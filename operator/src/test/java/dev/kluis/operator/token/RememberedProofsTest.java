package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.vault.Caller;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long the memory of a proof lasts, against an API server that reviews tokens and can forget an account at once. */
class RememberedProofsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String AUDIENCE = "kluis";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicBoolean there = new AtomicBoolean(true);
    private final AtomicInteger reviews = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer reviewer;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        reviewer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        reviewer.createContext("/apis/authentication.k8s.io/v1/tokenreviews", exchange -> {
            exchange.getRequestBody().readAllBytes();
            reviews.incrementAndGet();
            awaitRelease();
            byte[] answer = ("{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"status\":"
                            + (there.get()
                                    ? "{\"authenticated\":true,\"audiences\":[\"kluis\"],\"user\":{\"username\":"
                                            + "\"system:serviceaccount:team:app\",\"uid\":\"u\"}}"
                                    : "{\"authenticated\":false}")
                            + "}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(201, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        reviewer.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(
                                "http://127.0.0.1:" + reviewer.getAddress().getPort())
                        .build())
                .build();
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        release.countDown();
        client.close();
        reviewer.stop(0);
    }

    @Test
    void attack_14_an_access_token_is_looked_at_again_a_minute_after_what_it_was_given_for_was_proved() {
        release.countDown();
        String assertion = assertion();
        var cluster = new TokenAuthenticator(client, now::get, System::nanoTime);
        var tokens = Tokens.of(now::get, "root");
        var authentication = new AccessTokenAuthentication(
                tokens, cluster, new ExternalClients(List.of(), System::nanoTime), Optional::empty, now::get);
        var proven = cluster.prove(assertion, List.of(AUDIENCE));
        String token = tokens.issue(
                        proven.caller(),
                        new Evidence.Assertion(assertion, AUDIENCE),
                        "app",
                        Tokens.AUDIENCE,
                        proven.expires())
                .token();

        now.set(START.plus(Duration.ofSeconds(50)));
        assertThat(authentication.authenticate(token)).isEqualTo(proven.caller());
        there.set(false);
        now.set(START.plus(Duration.ofSeconds(61)));

        assertThatThrownBy(() -> authentication.authenticate(token))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(AuthenticationException.Kind.STALE));
    }

    @Test
    void a_token_that_comes_with_many_requests_at_once_is_reviewed_once() {
        var cluster = new TokenAuthenticator(client, now::get, System::nanoTime);
        var callers = new ConcurrentLinkedQueue<Caller>();
        var threads = IntStream.range(0, 64)
                .mapToObj(i -> Thread.ofVirtual().start(() -> callers.add(cluster.authenticate(assertion()))))
                .toList();
        await().until(() -> reviews.get() > 0
                && threads.stream()
                        .allMatch(thread -> EnumSet.of(
                                        Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED)
                                .contains(thread.getState())));
        release.countDown();
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));

        assertThat(callers).hasSize(64).allMatch(caller -> caller.name().equals("system:serviceaccount:team:app"));
        assertThat(reviews).hasValue(1);
    }

    @Test
    void what_the_one_review_refuses_is_refused_to_all_and_asked_again_the_next_time() {
        release.countDown();
        there.set(false);
        var cluster = new TokenAuthenticator(client, now::get, System::nanoTime);
        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> cluster.authenticate(assertion())).isInstanceOf(AuthenticationException.class);
            assertThat(reviews).hasValue(i);
        }
        there.set(true);
        assertThat(cluster.authenticate(assertion()).name()).isEqualTo("system:serviceaccount:team:app");
    }

    private static String assertion() {
        String claims = "{\"aud\":[\"kluis\"],\"exp\":1900000000,\"kubernetes.io\":{}}";
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
    }
}
