package dev.kluis.operator.rest;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests of one identity are handled at once; the others wait. Where requests compute, it is only as many as
 * the processors do in {@link #AHEAD}, by what the last of them took: a request of somebody else stands behind no more.
 */
final class Turns {

    /** What the work of those that are handled at once takes together, at most, where it is not a single one of them. */
    private static final Duration AHEAD = Duration.ofNanos(500_000);

    /** Of what one request took in what the next is expected to take: one that was held up does not decide. */
    private static final double WEIGHT = 1.0 / 16;

    private final int least;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int taken;
    /** Nanoseconds. */
    private double expected;

    private Turns(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /** Of requests that wait for others most of the time: their number is what counts. */
    static Turns waiting(int most) {
        return new Turns(most, most);
    }

    /** @param processors which compute */
    static Turns computing(int processors, int most) {
        return new Turns(Math.min(processors, most), most);
    }

    /** Waits for a turn, for so long. */
    boolean take(Duration patience) throws InterruptedException {
        long patient = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (taken >= limit()) {
                if (patient <= 0) {
                    return false;
                }
                patient = left.awaitNanos(patient);
            }
            taken++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** @param nanos what the request took since it had its turn */
    void leave(long nanos) {
        lock.lock();
        try {
            taken--;
            expected += (nanos - expected) * WEIGHT;
            for (int free = limit() - taken; free > 0 && lock.hasWaiters(left); free--) {
                left.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private int limit() {
        double fitting = least * (AHEAD.toNanos() / Math.max(1, expected));
        return (int) Math.clamp(fitting, least, most);
    }
}
