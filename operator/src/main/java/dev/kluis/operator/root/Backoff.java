package dev.kluis.operator.root;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;

/** When to ask again that which failed: after a while that doubles up to a minute, none of which is the same for two. */
final class Backoff {

    static final Duration SHORTEST = Duration.ofSeconds(2);
    static final Duration LONGEST = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final SecureRandom random;
    private Duration next = SHORTEST;
    private long waitingSince;
    private long waiting;

    /** @param nanoTime a monotonic clock in nanoseconds */
    Backoff(LongSupplier nanoTime, SecureRandom random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    boolean due() {
        return waiting == 0 || nanoTime.getAsLong() - waitingSince >= waiting;
    }

    /** From half of the while to all of it. */
    void failed() {
        waitingSince = nanoTime.getAsLong();
        long most = next.toNanos();
        waiting = random.nextLong(most / 2, most + 1);
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }

    void succeeded() {
        waiting = 0;
        next = SHORTEST;
    }
}
