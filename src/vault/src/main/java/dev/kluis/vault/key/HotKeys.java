package dev.kluis.vault.key;

import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Parsed keys that were in use lately. See DESIGN.md. */
public final class HotKeys implements AutoCloseable {

    /** At most so many are kept. */
    public static final int LIMIT = 512;
    /** None is kept for longer. */
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Slot, Hot> hot = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong changes = new AtomicLong();

    /** @param nanoTime a monotonic clock in nanoseconds */
    public HotKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Which key.
     *
     * @param incarnation of the object
     * @param whole with its private part or symmetric key
     */
    public record Slot(ObjectId id, String incarnation, String version, boolean whole) {}

    /** Parses a key. */
    @FunctionalInterface
    public interface Opening {
        OpenKey open() throws KeyRefusedException;
    }

    /** A parsed key and who uses it; guarded by the lock. */
    private static final class Hot {
        private final OpenKey key;
        private final long since;
        private int users = 1;
        private boolean kept;

        private Hot(OpenKey key, long since) {
            this.key = key;
            this.since = since;
        }
    }

    /** How often something changed that keys hang on: read before the state that a key is opened on. */
    public long changes() {
        return changes.get();
    }

    /**
     * Computes with a key, which is opened when it is not there.
     *
     * @param seen {@link #changes} before the state was read
     */
    public <R> R use(Slot slot, long seen, Opening opening, Keys.Work<R> work) throws KeyRefusedException {
        var there = borrow(slot);
        var used = there == null ? keep(slot, seen, opening.open()) : there;
        try {
            return work.with(used.key);
        } finally {
            giveBack(used);
        }
    }

    private @Nullable Hot borrow(Slot slot) {
        lock.lock();
        try {
            var there = hot.get(slot);
            if (there != null) {
                there.users++;
            }
            return there;
        } finally {
            lock.unlock();
        }
    }

    private Hot keep(Slot slot, long seen, OpenKey key) {
        var opened = new Hot(key, nanoTime.getAsLong());
        List<OpenKey> over = new ArrayList<>();
        lock.lock();
        try {
            if (seen == changes.get() && !hot.containsKey(slot)) {
                opened.kept = true;
                hot.put(slot, opened);
                if (hot.size() > LIMIT) {
                    drop(hot.pollFirstEntry().getValue(), over);
                }
            }
        } finally {
            lock.unlock();
        }
        over.forEach(OpenKey::close);
        return opened;
    }

    private void giveBack(Hot used) {
        boolean last;
        lock.lock();
        try {
            used.users--;
            last = used.users == 0 && !used.kept;
        } finally {
            lock.unlock();
        }
        if (last) {
            used.key.close();
        }
    }

    /** Those that were opened too long ago leave. To be called every minute or so. */
    public void expire() {
        long now = nanoTime.getAsLong();
        dropWhere(entry -> now - entry.getValue().since >= LIFETIME.toNanos());
    }

    /**
     * An object changed.
     *
     * @param stays which of its versions may still be used as they are
     */
    public void changed(ObjectId id, Predicate<String> stays) {
        dropWhere(entry ->
                entry.getKey().id().equals(id) && !stays.test(entry.getKey().version()));
    }

    /** Everything that hangs on something leaves. */
    public void drop(Predicate<ObjectId> which) {
        dropWhere(entry -> which.test(entry.getKey().id()));
    }

    private void dropWhere(Predicate<Map.Entry<Slot, Hot>> which) {
        List<OpenKey> unused = new ArrayList<>();
        lock.lock();
        try {
            changes.incrementAndGet();
            hot.entrySet().removeIf(entry -> {
                boolean leaves = which.test(entry);
                if (leaves) {
                    drop(entry.getValue(), unused);
                }
                return leaves;
            });
        } finally {
            lock.unlock();
        }
        unused.forEach(OpenKey::close);
    }

    private static void drop(Hot leaving, List<OpenKey> unused) {
        leaving.kept = false;
        if (leaving.users == 0) {
            unused.add(leaving.key);
        }
    }

    /** How many are kept. */
    public int size() {
        lock.lock();
        try {
            return hot.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        dropWhere(entry -> true);
    }
}
