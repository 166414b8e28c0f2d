package dev.kluis.vault.store;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store, and the anchor beside it, as one process sees them that meets with faults: before each step a plan is asked for
 * its fate. A killed process takes no step any more and is told nothing; a paused one is told nothing until it continues.
 * Another process on the same store has a decorator of its own.
 */
public final class FaultyStore implements Store {

    /** What a process asks of what outlives it. */
    public enum Step {
        READ,
        COMPARE_AND_SET,
        DELETE,
        PUT_CONTENT,
        READ_CONTENT,
        DELETE_CONTENT,
        LIST_CONTENTS,
        READ_ANCHOR,
        WRITE_ANCHOR;

        boolean conflicts() {
            return this == COMPARE_AND_SET || this == DELETE;
        }
    }

    /** What becomes of a step. */
    public enum Fate {
        DONE,
        /** Another writer was first; where a step knows no conflict it is done. */
        CONFLICT,
        UNAVAILABLE_NOT_DONE,
        UNAVAILABLE_DONE,
        KILLED_BEFORE,
        KILLED_AFTER
    }

    /** What ends a process: nothing in the engine catches it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        public Killed() {
            super("killed", null, false, false);
        }
    }

    private interface Work<R> {
        R done() throws ConflictException;
    }

    private final Store store;
    private final List<Change> held = new ArrayList<>();
    private volatile Function<Step, Fate> plan = step -> Fate.DONE;
    private volatile Consumer<Stored> written = stored -> {};
    private volatile boolean dead;
    private volatile @Nullable Consumer<Change> listener;
    private boolean paused;

    public FaultyStore(Store store) {
        this.store = store;
    }

    public void plan(Function<Step, Fate> next) {
        plan = next;
    }

    /** Is told of every record that was written, whatever the writer was told. */
    public void onWritten(Consumer<Stored> told) {
        written = told;
    }

    public boolean killed() {
        return dead;
    }

    public void kill() {
        dead = true;
    }

    /** From now on the process is told nothing. */
    public synchronized void pause() {
        paused = true;
    }

    /** The process is told what it missed, and all that comes. */
    public synchronized void proceed() {
        paused = false;
        held.forEach(this::tell);
        held.clear();
    }

    private synchronized void told(Change change) {
        if (paused) {
            held.add(change);
        } else {
            tell(change);
        }
    }

    private void tell(Change change) {
        var told = listener;
        if (!dead && told != null) {
            told.accept(change);
        }
    }

    private <R> R step(Step step, Work<R> work) throws ConflictException {
        if (dead) {
            throw new Killed();
        }
        return switch (plan.apply(step)) {
            case DONE -> work.done();
            case CONFLICT -> {
                if (step.conflicts()) {
                    throw new ConflictException("another writer was first");
                }
                yield work.done();
            }
            case UNAVAILABLE_NOT_DONE -> throw unavailable();
            case UNAVAILABLE_DONE -> {
                work.done();
                throw unavailable();
            }
            case KILLED_BEFORE -> {
                dead = true;
                throw new Killed();
            }
            case KILLED_AFTER -> {
                dead = true; // first, so that no other thread follows what was written
                work.done();
                throw new Killed();
            }
        };
    }

    private static StoreUnavailableException unavailable() {
        return new StoreUnavailableException("the store is away", new IllegalStateException("as the plan says"));
    }

    private <R> R stepWithout(Step step, Work<R> work) {
        try {
            return step(step, work);
        } catch (ConflictException e) {
            throw new AssertionError("this step knows no conflict", e);
        }
    }

    private void stepWithout(Step step, Runnable work) {
        stepWithout(step, () -> {
            work.run();
            return true;
        });
    }

    @Override
    public Optional<Stored> read(ObjectId id) {
        return stepWithout(Step.READ, () -> store.read(id));
    }

    @Override
    public Stored compareAndSet(ObjectId id, Optional<String> expected, RecordBytes bytes) throws ConflictException {
        return step(Step.COMPARE_AND_SET, () -> {
            var stored = store.compareAndSet(id, expected, bytes);
            written.accept(stored);
            return stored;
        });
    }

    @Override
    public void delete(ObjectId id, String expected) throws ConflictException {
        step(Step.DELETE, () -> {
            store.delete(id, expected);
            return true;
        });
    }

    @Override
    public void putContent(ObjectId id, String version, byte[] sealed) {
        stepWithout(Step.PUT_CONTENT, () -> store.putContent(id, version, sealed));
    }

    @Override
    public Optional<byte[]> readContent(ObjectId id, String version) {
        return stepWithout(Step.READ_CONTENT, () -> store.readContent(id, version));
    }

    @Override
    public void deleteContent(ObjectId id, String version) {
        stepWithout(Step.DELETE_CONTENT, () -> store.deleteContent(id, version));
    }

    @Override
    public String contentName(ObjectId id, String version) {
        return store.contentName(id, version);
    }

    @Override
    public Set<String> listContents() {
        return stepWithout(Step.LIST_CONTENTS, store::listContents);
    }

    @Override
    public void deleteContent(String name) {
        stepWithout(Step.DELETE_CONTENT, () -> store.deleteContent(name));
    }

    @Override
    public Watching watch(Consumer<Change> told) {
        listener = told;
        return store.watch(this::told);
    }

    /** The anchor as the same process sees it. */
    public Anchor anchor(Anchor anchor) {
        return new Anchor() {
            @Override
            public Map<VaultId, Long> read() {
                return stepWithout(Step.READ_ANCHOR, anchor::read);
            }

            @Override
            public void write(Map<VaultId, Long> numbers) {
                stepWithout(Step.WRITE_ANCHOR, () -> anchor.write(numbers));
            }
        };
    }

    @Override
    public void close() {}
}
