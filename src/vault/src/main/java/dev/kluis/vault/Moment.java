package dev.kluis.vault;

import java.time.Instant;

/**
 * A moment by two clocks that may differ: the wall clock, which somebody may set, and the time that the engine has seen
 * pass. What is dated by the later and due by the earlier of the two is never due too early.
 *
 * @param wall to the millisecond
 * @param proven to the millisecond; see {@link Timekeeper}
 */
public record Moment(Instant wall, Instant proven) {

    /** By either clock this has come. */
    public Instant earliest() {
        return wall.isBefore(proven) ? wall : proven;
    }

    /** By no clock more than this has come. */
    public Instant latest() {
        return wall.isAfter(proven) ? wall : proven;
    }
}
