package dev.kluis.vault.audit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One sink with its queue and thread, so that a slow or dead one holds up no other. See {@code DESIGN.md}. The chain calls
 * {@link #offer} and {@link #reopen} under its lock; all else may be called by anyone.
 */
public final class AuditOutlet implements AutoCloseable {

    private static final int BATCH = 256;
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    /** What happens when the queue is full. */
    public enum Policy {
        /** The operation waits for a place, and is refused when there is none in time. */
        BLOCK,
        /** The line is left out here and counted, and the stream says so once it flows again. */
        CONTINUE;

        /** @param text as in the configuration: {@code block} or {@code continue} */
        public static Policy of(String text) {
            return switch (text) {
                case "block" -> BLOCK;
                case "continue" -> CONTINUE;
                default -> throw new IllegalArgumentException("an audit policy is 'block' or 'continue'");
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param name in metrics and in what is said of dropped lines, such as {@code file}
     * @param capacity how many lines wait at most
     * @param patience how long an operation waits for a place when the policy is to block
     * @param farewell how long closing waits for what is still to be written
     */
    public record Settings(String name, Policy policy, int capacity, Duration patience, Duration farewell) {
        public Settings {
            if (capacity < 1 || capacity > 1_000_000) {
                throw new IllegalArgumentException("an audit queue holds 1 to 1000000 lines");
            }
            if (patience.isNegative() || patience.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("an operation waits for the audit at most PT1M");
            }
        }
    }

    /** Told what failed, for the log; quick. */
    @FunctionalInterface
    public interface Trouble {
        void failed(String sink, int attempt, Exception cause);
    }

    /**
     * Lines that were left out.
     *
     * @param before the hash of the line before them
     */
    record Gap(String sink, long from, long to, String before) {}

    private record Waiting(String line, boolean holdsRoom) {}

    /** After the last line. */
    private static final Waiting END = new Waiting("", false);

    private final Settings settings;
    private final LineWriter writer;
    private final RandomGenerator jitter;
    private final Trouble trouble;
    private final Semaphore room;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Thread thread;
    private @Nullable Gap gap;

    public AuditOutlet(Settings settings, LineWriter writer, RandomGenerator jitter, Trouble trouble) {
        this.settings = settings;
        this.writer = writer;
        this.jitter = jitter;
        this.trouble = trouble;
        this.room = new Semaphore(settings.capacity(), true);
        this.thread = Thread.ofPlatform()
                .name("kluis-audit-" + settings.name())
                .daemon()
                .start(this::run);
    }

    public String name() {
        return settings.name();
    }

    /** How many lines wait or are being written. */
    public int queued() {
        return (int) (taken.get() - written.get());
    }

    public long written() {
        return written.get();
    }

    /** How many lines this sink will never have. */
    public long dropped() {
        return dropped.get();
    }

    /** How often writing failed and was tried again. */
    public long failures() {
        return failures.get();
    }

    /** Keeps a place for one record when the policy is to block; false when there is none in time. */
    boolean admit() throws InterruptedException {
        return settings.policy() == Policy.CONTINUE
                || room.tryAcquire()
                || room.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    void withdraw() {
        if (settings.policy() == Policy.BLOCK) {
            room.release();
        }
    }

    /**
     * Takes the next line of the chain, or leaves it out; never waits.
     *
     * @param admitted whether a place was kept; the few lines that are the chain's own have none and are taken always
     */
    void offer(String line, long number, String before, boolean admitted) {
        if (settings.policy() == Policy.BLOCK) {
            taken.incrementAndGet();
            queue.add(new Waiting(line, admitted));
        } else if (gap == null && (!admitted || room.tryAcquire())) {
            taken.incrementAndGet();
            queue.add(new Waiting(line, admitted));
        } else {
            dropped.incrementAndGet();
            gap = gap == null
                    ? new Gap(settings.name(), number, number, before)
                    : new Gap(settings.name(), gap.from(), number, gap.before());
        }
    }

    /** What was left out, when there is room again: half the queue, so that one hole is told once. */
    Optional<Gap> reopen() {
        if (gap == null || room.availablePermits() < Math.max(1, settings.capacity() / 2)) {
            return Optional.empty();
        }
        var told = gap;
        gap = null;
        return Optional.of(told);
    }

    /** Waits until what was taken before is written, unless the policy is to go on without. */
    boolean flush(long nanos) throws InterruptedException {
        if (settings.policy() == Policy.CONTINUE) {
            return true;
        }
        return awaitWritten(taken.get(), nanos);
    }

    /** Waits until a line of the chain is written, unless the policy is to go on without. */
    boolean written(long number, long nanos) throws InterruptedException {
        // Who blocks leaves no line out, so it has written as many as the line's number says.
        return settings.policy() == Policy.CONTINUE || awaitWritten(number + 1, nanos);
    }

    private boolean awaitWritten(long wanted, long nanos) throws InterruptedException {
        if (nanos <= 0 || written.get() >= wanted) {
            return written.get() >= wanted;
        }
        lock.lockInterruptibly();
        try {
            while (written.get() < wanted) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = progress.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        var batch = new ArrayList<Waiting>(BATCH);
        try {
            for (var first = queue.take(); !first.equals(END); first = queue.take()) {
                batch.add(first);
                while (batch.size() < BATCH && queue.peek() != null && !END.equals(queue.peek())) {
                    batch.add(queue.take());
                }
                write(batch.stream().map(Waiting::line).toList());
                done(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void done(List<Waiting> batch) {
        room.release((int) batch.stream().filter(Waiting::holdsRoom).count());
        lock.lock();
        try {
            written.addAndGet(batch.size());
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<String> lines) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                writer.write(lines);
                return;
            } catch (IOException | RuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the audit's sink is being closed");
                }
                failures.incrementAndGet();
                trouble.failed(settings.name(), attempt, e);
                pause(delay(attempt, e));
            }
        }
    }

    /** Exponential with full jitter, so that what failed together does not come back together. */
    private Duration delay(int attempt, Exception cause) {
        long longest = Math.min(LONGEST_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempt - 1, 16));
        var own = Duration.ofMillis(jitter.nextLong(longest + 1));
        var asked =
                cause instanceof LineWriter.LaterException later ? later.after().orElse(Duration.ZERO) : Duration.ZERO;
        return own.plus(asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked);
    }

    /** Stopping hurries the attempts and does not end them: {@link #close} does, when its patience is over. */
    private void pause(Duration delay) throws InterruptedException {
        if (stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS)
                && abandoned.await(FIRST_DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the audit's sink is given up");
        }
    }

    /** Writes what waits, for as long as the settings say; what is left then is lost here, and counted. */
    @Override
    public void close() {
        queue.add(END);
        stopping.countDown();
        try {
            if (!thread.join(settings.farewell())) {
                abandoned.countDown();
                thread.interrupt();
                thread.join(Duration.ofMillis(500));
            }
            dropped.addAndGet(taken.get() - written.get());
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            trouble.failed(settings.name(), 1, e);
        }
    }
}
