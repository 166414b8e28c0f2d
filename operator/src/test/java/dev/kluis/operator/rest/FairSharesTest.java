package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.rest.FairShare.Rate;
import dev.kluis.operator.rest.Route.Work;
import dev.kluis.vault.Caller;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FairSharesTest {

    private static final Caller HOG = new Caller.User("hog", List.of());
    private static final Caller OTHER = new Caller.User("other", List.of());
    private static final Optional<VaultId> VAULT = Optional.of(new VaultId("team", "ours"));
    private static final int ROOM = 256;
    private static final int PROCESSORS = 2;

    private final AtomicLong nanos = new AtomicLong();
    private final FairShares shares = new FairShares(PROCESSORS, nanos::get);

    private static String retryAfter(Throwable refused) {
        return String.valueOf(((RestException) refused).response().headers().get("Retry-After"));
    }

    @Test
    void an_identity_has_half_of_the_room_that_is_left_and_always_some() throws InterruptedException {
        for (int room : new int[] {0, 10, 16}) {
            var places = new ArrayList<Place>();
            for (int i = 0; i < 8; i++) {
                places.add(shares.enter(HOG, VAULT, Work.WAITS, room));
            }
            assertThatThrownBy(() -> shares.enter(HOG, VAULT, Work.WAITS, room))
                    .hasMessageContaining("too many of your requests");
            shares.enter(OTHER, VAULT, Work.WAITS, room).close();
            places.forEach(Place::close);
        }
        shares.enter(HOG, VAULT, Work.WAITS, 0).close();
    }

    @Test
    void more_than_wait_for_the_store_at_once_wait_their_turn_while_others_do_not() throws Exception {
        waitTheirTurn(Work.WAITS, FairShare.DEFAULT.concurrent());
    }

    @Test
    void of_requests_that_compute_long_one_for_each_processor_is_handled_at_once() throws Exception {
        computeFor(Duration.ofMillis(2));
        waitTheirTurn(Work.COMPUTES, PROCESSORS);
    }

    @Test
    void of_requests_that_compute_shortly_as_many_as_take_half_a_millisecond_are_handled_at_once() throws Exception {
        computeFor(Duration.ofNanos(100_000));
        waitTheirTurn(Work.COMPUTES, 5 * PROCESSORS);
    }

    @Test
    void where_another_came_lately_a_tenth_of_a_millisecond_of_ones_work_is_ahead_of_him() throws Exception {
        computeFor(Duration.ofNanos(50_000));
        shares.enter(OTHER, VAULT, Work.COMPUTES, ROOM).close();
        waitTheirTurn(Work.COMPUTES, 2 * PROCESSORS);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        waitTheirTurn(Work.COMPUTES, FairShare.DEFAULT.concurrent());
    }

    @Test
    void of_requests_that_compute_nearly_nothing_no_more_than_the_share_are_handled_at_once() throws Exception {
        computeFor(Duration.ofNanos(100));
        waitTheirTurn(Work.COMPUTES, FairShare.DEFAULT.concurrent());
    }

    private void computeFor(Duration each) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            try (var place = shares.enter(HOG, VAULT, Work.COMPUTES, ROOM)) {
                nanos.addAndGet(each.toNanos());
                place.done();
            }
        }
    }

    @Test
    void what_computes_does_not_stand_behind_what_waits() throws Exception {
        for (int i = 0; i < FairShare.DEFAULT.concurrent(); i++) {
            shares.enter(HOG, VAULT, Work.WAITS, ROOM);
        }
        shares.enter(HOG, VAULT, Work.COMPUTES, ROOM).close();
    }

    private void waitTheirTurn(Work work, int atOnce) throws Exception {
        var handled = new ArrayList<Place>();
        for (int i = 0; i < atOnce; i++) {
            handled.add(shares.enter(HOG, VAULT, work, ROOM));
        }
        var next = new CompletableFuture<Place>();
        var waiting = Thread.ofVirtual().start(() -> {
            try {
                next.complete(shares.enter(HOG, VAULT, work, ROOM));
            } catch (InterruptedException e) {
                next.completeExceptionally(e);
            }
        });
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        shares.enter(OTHER, VAULT, work, ROOM).close();
        assertThat(next).isNotDone();
        handled.getFirst().close();
        await().atMost(Duration.ofSeconds(5)).until(next::isDone);
        next.get().close();
        handled.stream().skip(1).forEach(Place::close);
    }

    @Test
    void a_vault_takes_the_rate_that_it_declares_of_each_and_says_when_to_come_again() throws InterruptedException {
        shares.declare(VAULT.orElseThrow(), Optional.of(new FairShare(4, Optional.of(new Rate(2, 3)))));
        for (int i = 0; i < 3; i++) {
            shares.enter(HOG, VAULT, Work.WAITS, ROOM).close();
        }
        assertThatThrownBy(() -> shares.enter(HOG, VAULT, Work.WAITS, ROOM))
                .isInstanceOf(RestException.class)
                .satisfies(refused ->
                        assertThat(((RestException) refused).status()).isEqualTo(429))
                .satisfies(refused -> assertThat(retryAfter(refused)).isEqualTo("1"));
        shares.enter(OTHER, VAULT, Work.WAITS, ROOM).close();
        shares.enter(HOG, Optional.of(new VaultId("team", "another")), Work.WAITS, ROOM)
                .close();

        nanos.addAndGet(Duration.ofMillis(500).toNanos());
        shares.enter(HOG, VAULT, Work.WAITS, ROOM).close();
        assertThatThrownBy(() -> shares.enter(HOG, VAULT, Work.WAITS, ROOM))
                .hasMessageContaining("2 requests a second");
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 3; i++) {
            shares.enter(HOG, VAULT, Work.WAITS, ROOM).close();
        }
        assertThatThrownBy(() -> shares.enter(HOG, VAULT, Work.WAITS, ROOM))
                .as("a rest saves no more than a burst")
                .isInstanceOf(RestException.class);

        shares.declare(VAULT.orElseThrow(), Optional.empty());
        shares.enter(HOG, VAULT, Work.WAITS, ROOM).close();
    }

    @Test
    void whoever_names_many_vaults_that_declare_a_share_has_no_more_under_way() throws InterruptedException {
        var places = new ArrayList<Place>();
        for (int i = 0; i < 8; i++) {
            var vault = new VaultId("team", "vault-" + i);
            shares.declare(vault, Optional.of(new FairShare(4, Optional.empty())));
            places.add(shares.enter(HOG, Optional.of(vault), Work.WAITS, 0));
        }
        var more = new VaultId("team", "one-more");
        shares.declare(more, Optional.of(new FairShare(4, Optional.empty())));
        assertThatThrownBy(() -> shares.enter(HOG, Optional.of(more), Work.WAITS, 0))
                .hasMessageContaining("too many of your requests");
        shares.enter(OTHER, Optional.of(more), Work.WAITS, 0).close();
        places.forEach(Place::close);
        shares.enter(HOG, Optional.of(more), Work.WAITS, 0).close();
    }

    @Test
    void whoever_names_many_vaults_has_one_share_all_the_same() throws InterruptedException {
        var places = new ArrayList<Place>();
        for (int i = 0; i < 8; i++) {
            places.add(shares.enter(HOG, Optional.of(new VaultId("team", "vault-" + i)), Work.WAITS, 0));
        }
        assertThatThrownBy(() -> shares.enter(HOG, Optional.of(new VaultId("team", "one-more")), Work.WAITS, 0))
                .isInstanceOf(RestException.class);
        places.forEach(Place::close);
    }
}
