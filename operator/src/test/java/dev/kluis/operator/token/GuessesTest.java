package dev.kluis.operator.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.operator.token.TokenRequestException.Problem;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often a client's secret can be guessed. */
class GuessesTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Guesses guesses = new Guesses(nanos::get);

    private void wrong(int times, String client, String address) {
        for (int i = 0; i < times; i++) {
            guesses.take(client, address);
        }
    }

    private void refuses(String client, String address, int seconds) {
        assertThatThrownBy(() -> guesses.take(client, address))
                .isInstanceOfSatisfying(TokenRequestException.class, refused -> {
                    assertThat(refused.problem()).isEqualTo(Problem.SLOW_DOWN);
                    assertThat(refused.retryAfter()).isEqualTo(seconds);
                });
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void ten_wrong_ones_in_a_minute_are_looked_at_of_each_address() {
        wrong(10, "ci", "10.0.0.1");
        refuses("ci", "10.0.0.1", 60);
        wrong(10, "ci", "10.0.0.2");
        wrong(10, "cd", "10.0.0.1");
        pass(Duration.ofMillis(59_100));
        refuses("ci", "10.0.0.1", 1);
        pass(Duration.ofMillis(900));
        wrong(10, "ci", "10.0.0.1");
        refuses("ci", "10.0.0.1", 60);
    }

    @Test
    void right_ones_and_those_that_nobody_could_judge_do_not_count() {
        for (int i = 0; i < 500; i++) {
            guesses.take("ci", "10.0.0.1").right();
            guesses.take("ci", "10.0.0.2").undecided();
        }
        wrong(10, "ci", "10.0.0.1");
        refuses("ci", "10.0.0.1", 60);
    }

    @Test
    void of_many_at_once_no_more_are_looked_at() throws Exception {
        var looked = new AtomicInteger();
        var go = new CountDownLatch(1);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                workers.execute(() -> {
                    try {
                        go.await();
                        guesses.take("ci", "10.0.0.1");
                        looked.incrementAndGet();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (TokenRequestException e) {
                        // One too many.
                    }
                });
            }
            go.countDown();
        }
        assertThat(looked).hasValue(10);
    }

    @Test
    void guesses_from_everywhere_shut_out_no_address_that_the_client_came_from() {
        guesses.take("ci", "10.1.0.1").right();
        for (int i = 0; i < 10; i++) {
            wrong(10, "ci", "10.0.0." + i);
        }
        refuses("ci", "10.2.0.1", 60);
        guesses.take("ci", "10.1.0.1").right();
        wrong(10, "ci", "10.1.0.1");
        refuses("ci", "10.1.0.1", 60);
        wrong(10, "cd", "10.2.0.1");
        pass(Duration.ofMinutes(1));
        wrong(10, "ci", "10.2.0.1");
    }

    @Test
    void who_was_not_looked_at_since_others_guessed_has_his_own_guesses_left() {
        for (int i = 0; i < 10; i++) {
            wrong(10, "ci", "10.0.0." + i);
        }
        for (int i = 0; i < 20; i++) {
            refuses("ci", "10.2.0.1", 60);
        }
        pass(Duration.ofMinutes(1));
        guesses.take("ci", "10.2.0.1").right();
    }
}
