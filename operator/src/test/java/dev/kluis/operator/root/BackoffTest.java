package dev.kluis.operator.root;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final AtomicLong now = new AtomicLong(-Duration.ofMinutes(1).toNanos());
    private final Backoff backoff = new Backoff(now::get, new SecureRandom());

    /** How long it takes until it is due. */
    private Duration wait(Duration step) {
        var waited = Duration.ZERO;
        while (!backoff.due()) {
            now.addAndGet(step.toNanos());
            waited = waited.plus(step);
        }
        return waited;
    }

    @Test
    void each_failure_doubles_the_wait_up_to_a_minute_and_a_success_ends_it() {
        assertThat(backoff.due()).isTrue();
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            backoff.failed();
            assertThat(backoff.due()).isFalse();
            waits.add(wait(Duration.ofMillis(10)));
        }
        var most = List.of(2, 4, 8, 16, 32, 60, 60, 60);
        for (int i = 0; i < waits.size(); i++) {
            var limit = Duration.ofSeconds(most.get(i));
            assertThat(waits.get(i)).isBetween(limit.dividedBy(2), limit.plusMillis(20));
        }
        backoff.succeeded();
        assertThat(backoff.due()).isTrue();
        backoff.failed();
        assertThat(wait(Duration.ofMillis(10))).isLessThanOrEqualTo(Duration.ofMillis(2020));
    }
}
