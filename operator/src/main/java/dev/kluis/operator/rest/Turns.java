package dev.kluis.operator.rest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests of one identity are handled at once; the others wait. Where requests compute, it is only as many as
 * the processors do in a short time, by what the last of them took: a request of somebody else stands behind no more.
 */
final class Turns {

    /** Of what one request took in what the next is expected to take: one that was held up does not decide. */
    private static final double WEIGHT = 1.0 / 16;

    private final int least;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    /** Who came first has his turn first. */
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    private int taken;
    /** Nanoseconds that one request takes. */
    private double expected;
    /** Nanoseconds. */
    private long ahead = Long.MAX_VALUE;

    private static final class Waiter {
        final Condition called;
        boolean turn;

        Waiter(Condition called) {
            this.called = called;
        }
    }

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

    /**
     * Waits for a turn.
     *
     * @param ahead what those that are handled at once take together, where it is not a single one of them
     * @param patience how long to wait
     */
    boolean take(Duration ahead, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            this.ahead = ahead.toNanos();
            if (waiters.isEmpty() && taken < limit()) {
                taken++;
                return true;
            }
            return await(patience.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long patient) throws InterruptedException {
        var me = new Waiter(lock.newCondition());
        waiters.add(me);
        try {
            for (long left = patient; !me.turn && left > 0; ) {
                left = me.called.awaitNanos(left);
            }
            return me.turn;
        } catch (InterruptedException e) {
            if (me.turn) {
                taken--;
                call();
            }
            throw e;
        } finally {
            if (!me.turn) {
                waiters.remove(me);
            }
        }
    }

    /** @param nanos what the request took since it had its turn; negative is not known */
    void leave(long nanos) {
        lock.lock();
        try {
            taken--;
            if (nanos >= 0) {
                expected += (nanos - expected) * WEIGHT;
            }
            call();
        } finally {
            lock.unlock();
        }
    }

    private void call() {
        while (!waiters.isEmpty() && taken < limit()) {
            var next = waiters.remove();
            next.turn = true;
            taken++;
            next.called.signal();
        }
    }

    private int limit() {
        double fitting = least * (ahead / Math.max(1, expected));
        return (int) Math.clamp(fitting, least, most);
    }
}
