package dev.kluis.vault;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Knows how much time has really passed, so that a clock that is set forward does not end a retention. While the process
 * runs, proven time goes on by its monotonic clock and by nothing else; over a stop it goes on by what the wall clock
 * says, but by no more than {@link #LONGEST_STOP}. What a longer stop cost makes a purge later, never earlier.
 */
public final class Timekeeper {

    /** More than this is not believed to have passed between two processes. */
    public static final Duration LONGEST_STOP = Duration.ofDays(1);

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private Instant base;
    private long baseNanos;
    private boolean resumed;

    /** @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime} */
    public Timekeeper(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.base = millis(wall.instant());
        this.baseNanos = nanoTime.getAsLong();
    }

    /** Goes on where a process before this one was. Of several such moments the latest proven one counts. */
    synchronized void resume(Moment before) {
        var stopped = Duration.between(before.wall(), millis(wall.instant()));
        var believed =
                stopped.isNegative() ? Duration.ZERO : stopped.compareTo(LONGEST_STOP) > 0 ? LONGEST_STOP : stopped;
        var reached = before.proven().plus(believed);
        if (!resumed || reached.isAfter(proven())) {
            resumed = true;
            base = reached;
            baseNanos = nanoTime.getAsLong();
        }
    }

    public synchronized Moment moment() {
        return new Moment(millis(wall.instant()), proven());
    }

    /** The monotonic clock, in nanoseconds. */
    long nanos() {
        return nanoTime.getAsLong();
    }

    private Instant proven() {
        return millis(base.plusNanos(nanoTime.getAsLong() - baseNanos));
    }

    /** Records keep milliseconds, so the engine thinks in them. */
    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
