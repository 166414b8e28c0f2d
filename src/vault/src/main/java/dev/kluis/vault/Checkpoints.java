package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenCheckpoint;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.Projection.Quarantined;
import dev.kluis.vault.record.Checkpoint;
import dev.kluis.vault.record.Checkpoint.Inline;
import dev.kluis.vault.record.Checkpoint.Mark;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.CheckpointRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Writes checkpoints of vaults that changed, and holds what the store gives at the start against them: a record that
 * vanished or was put back is refused, and where a checkpoint itself was put back, the whole vault is, until somebody
 * accepts it. See DESIGN.md.
 */
final class Checkpoints {

    /** Where nothing changes, a checkpoint notes how much time has passed. */
    private static final Duration NOTE_TIME_EVERY = Duration.ofHours(1);

    private static final String OPERATION = "Checkpoint";
    private static final String HOW_TO_ACCEPT = "; where that was meant, accept it: kluis vault accept-restore ";

    private final Store store;
    private final Anchor anchor;
    private final RecordFormat format;
    private final Projection projection;
    private final Timekeeper time;
    private final Supplier<String> ids;
    private final Consumer<RecordHeader> newer;
    private final CheckpointMarks marks;
    private final Map<VaultId, Set<ObjectId>> dirty = new ConcurrentHashMap<>();
    private final Map<VaultId, Long> anchored = new ConcurrentHashMap<>();
    /** What the store tells before is what it had at the start. */
    private volatile boolean started;

    private final OverdueCheckpoints overdue = new OverdueCheckpoints();
    private Instant noted = Instant.EPOCH;

    /**
     * @param ids makes 32 hex characters
     * @param newer is told at the start of every record that is newer than its vault's checkpoint: a process before this
     *     one wrote it and may not have come to tell anybody
     */
    Checkpoints(
            Store store,
            Anchor anchor,
            RecordFormat format,
            Projection projection,
            Timekeeper time,
            Supplier<String> ids,
            Consumer<RecordHeader> newer) {
        this.store = store;
        this.anchor = anchor;
        this.format = format;
        this.projection = projection;
        this.time = time;
        this.ids = ids;
        this.newer = newer;
        this.marks = new CheckpointMarks(store, format, projection, ids);
    }

    void changed(ObjectId id) {
        if (started) {
            dirty(id.vault(), Set.of(id));
        }
    }

    // At the start.

    /** @throws dev.kluis.vault.store.StoreUnavailableException and can be called again */
    synchronized void verify() {
        started = true;
        anchored.putAll(anchor.read());
        var vaults = new HashSet<>(anchored.keySet());
        projection.vaults().forEach(vaults::add);
        vaults.forEach(this::verify);
    }

    private void verify(VaultId id) {
        long known = anchored.getOrDefault(id, 0L);
        var vault = projection.get(ObjectId.vault(id));
        if (vault.isEmpty() && known > 0) {
            refuse(id, "its record is gone from the store");
        } else if (vault.filter(OpenVault.class::isInstance).isPresent()) {
            switch (projection.get(ObjectId.checkpoint(id)).orElse(null)) {
                case null -> {
                    if (known > 0) {
                        refuse(id, "its checkpoint is gone from the store");
                    }
                    tellNewer(id, new TreeMap<>());
                }
                case OpenCheckpoint checkpoint -> verify((OpenVault) vault.get(), checkpoint, known);
                default -> {
                    // Purging took the keys of the checkpoint before; a crash came before the next one.
                    if (Records.purged((OpenVault) vault.get())) {
                        tellNewer(id, new TreeMap<>());
                    } else {
                        refuse(id, "its checkpoint cannot be read: " + why(id));
                    }
                }
            }
        }
    }

    private void verify(OpenVault vault, OpenCheckpoint checkpoint, long known) {
        var id = checkpoint.record().header().id().vault();
        long number = checkpoint.record().header().revision();
        if (number < known) {
            refuse(id, "the store was put back to checkpoint " + number + " and had come to " + known);
            return;
        }
        time.resume(checkpoint.record().state().moment());
        try {
            var marked = marks.of(vault, checkpoint.record());
            marked.forEach(this::verify);
            tellNewer(id, marked);
        } catch (MalformedRecordException e) {
            refuse(id, "its checkpoint cannot be read: " + e.getMessage());
        }
    }

    private String why(VaultId id) {
        return projection
                .get(ObjectId.checkpoint(id))
                .filter(Quarantined.class::isInstance)
                .map(entry -> ((Quarantined) entry).why())
                .orElse("it is none");
    }

    private void verify(ObjectId id, Mark mark) {
        var entry = projection.get(id);
        var header = entry.flatMap(Projection::header);
        if (entry.isEmpty()) {
            projection.quarantine(id, "its record vanished from the store", Optional.of(mark));
        } else if (header.isEmpty()) {
            projection.quarantine(id, ((Quarantined) entry.get()).why(), Optional.of(mark));
        } else if (header.get().revision() < mark.revision()) {
            projection.quarantine(id, "the store holds an older record than it held before", Optional.of(mark));
        } else if (header.get().revision() == mark.revision()
                && !header.get().link().equals(mark.link())) {
            projection.quarantine(id, "another record has the same revision " + mark.revision(), Optional.of(mark));
        }
    }

    private void tellNewer(VaultId id, SortedMap<ObjectId, Mark> marks) {
        projection
                .objects(id)
                .filter(object -> object.kind() != ObjectKind.CHECKPOINT)
                .forEach(object -> projection
                        .get(object)
                        .flatMap(Projection::header)
                        .filter(header -> !marks.containsKey(object)
                                || header.revision() > marks.get(object).revision())
                        .ifPresent(header -> {
                            changed(object);
                            newer.accept(header);
                        }));
    }

    private void refuse(VaultId id, String why) {
        projection.quarantine(ObjectId.vault(id), why + HOW_TO_ACCEPT + id, Optional.empty());
    }

    // Later.

    /**
     * What the next checkpoint of a vault is to say.
     *
     * @param before the checkpoint that it follows, as memory has it
     * @param changed what it is written for
     */
    private record Due(
            OpenVault vault, Optional<Projection.Entry> before, Set<ObjectId> changed, CheckpointMarks.Gathered marks) {

        VaultId id() {
            return vault.record().header().id().vault();
        }

        Optional<CheckpointRecord> last() {
            return readable(before);
        }
    }

    private static Optional<CheckpointRecord> readable(Optional<Projection.Entry> checkpoint) {
        return checkpoint
                .filter(OpenCheckpoint.class::isInstance)
                .map(OpenCheckpoint.class::cast)
                .map(OpenCheckpoint::record);
    }

    /**
     * Writes a checkpoint of each vault that changed since its last. First it is gathered what they will name, then asked
     * what of it is in the audit, which takes its time and holds up nobody, and only then anything is written.
     *
     * @param audited asked once, after it is known what the checkpoints name: gives the vaults of which all is in the
     *     audit; those of the others are written the next time
     * @return how many were written
     */
    int write(Supplier<Predicate<VaultId>> audited) {
        var due = gather();
        Predicate<VaultId> ready = vault -> false;
        int written = 0;
        try {
            ready = due.isEmpty() ? ready : audited.get();
        } finally {
            written = write(due, ready); // what is not ready is remembered
        }
        return written;
    }

    private synchronized List<Due> gather() {
        if (!time.moment().proven().isBefore(noted.plus(NOTE_TIME_EVERY))) {
            projection.vaults().sorted().findFirst().ifPresent(this::again);
        }
        projection.vaults().filter(this::signedByAnOldRoot).forEach(this::again);
        return List.copyOf(dirty.keySet()).stream()
                .flatMap(vault -> gather(vault).stream())
                .toList();
    }

    private Optional<Due> gather(VaultId id) {
        var changed = dirty.remove(id);
        if (changed == null || !(projection.get(ObjectId.vault(id)).orElse(null) instanceof OpenVault vault)) {
            overdue.forget(id);
            return Optional.empty(); // refused; its checkpoint stands
        }
        var before = projection.get(ObjectId.checkpoint(id));
        return Optional.of(new Due(vault, before, changed, marks.gathered(vault, readable(before), changed)));
    }

    private synchronized int write(List<Due> all, Predicate<VaultId> audited) {
        Map<VaultId, Long> written = new HashMap<>();
        var left = new ArrayDeque<>(all);
        try {
            for (var due = left.peek(); due != null; due = left.peek()) {
                var number = audited.test(due.id()) ? write(due) : Optional.<Long>empty();
                left.remove();
                if (number.isPresent()) {
                    written.put(due.id(), number.get());
                    overdue.written(due.id());
                } else {
                    notWritten(due);
                }
            }
        } finally {
            left.forEach(this::notWritten);
        }
        if (!written.isEmpty()) {
            noted = time.moment().proven();
            anchor.write(written);
            anchored.putAll(written);
        }
        return written.size();
    }

    private void notWritten(Due due) {
        dirty(due.id(), due.changed());
        overdue.notWritten(due.id());
    }

    /**
     * Begins the checkpoints of a purged vault anew, which is about to be made again: a crash after that would find one that
     * no key opens any more, or that names objects which are gone. It names nothing, so that all is told as newer.
     */
    synchronized void renew(VaultId id) throws ConflictException {
        var before = store.read(ObjectId.checkpoint(id));
        if (before.isPresent() && projection.get(ObjectId.vault(id)).orElse(null) instanceof OpenVault vault) {
            var last = readable(projection.get(ObjectId.checkpoint(id))).map(CheckpointRecord::header);
            var header = header(vault, last);
            var checkpoint = new Checkpoint(time.moment(), new Inline(new TreeMap<>()));
            var bytes = format.checkpoints().write(vault.record().state(), header, checkpoint);
            projection.accept(store.compareAndSet(header.id(), before.map(stored -> stored.tag()), bytes));
            anchor.write(Map.of(id, header.revision()));
            anchored.put(id, header.revision());
        }
    }

    /** An old root goes, and its key with it, when no checkpoint needs them. */
    private boolean signedByAnOldRoot(VaultId id) {
        return switch (projection.get(ObjectId.checkpoint(id)).orElse(null)) {
            case OpenCheckpoint checkpoint -> !format.checkpoints().current(checkpoint.record());
            // Of a purged vault, whose keys went before its next checkpoint came.
            case Quarantined quarantined ->
                projection
                        .get(ObjectId.vault(id))
                        .filter(vault -> vault instanceof OpenVault open && Records.purged(open))
                        .isPresent();
            case null, default -> false;
        };
    }

    /** Has a checkpoint of a vault written, though nothing in it changed. */
    private void again(VaultId vault) {
        dirty(vault, Set.of());
    }

    private void dirty(VaultId vault, Set<ObjectId> changed) {
        dirty.compute(vault, (id, before) -> {
            var all = before == null ? ConcurrentHashMap.<ObjectId>newKeySet() : before;
            all.addAll(changed);
            return all;
        });
    }

    private Optional<Long> write(Due due) {
        // A vault that changed since, or was begun anew, has perhaps other keys and other objects.
        if (!projection.get(ObjectId.vault(due.id())).equals(Optional.of(due.vault()))
                || !projection.get(ObjectId.checkpoint(due.id())).equals(due.before())) {
            return Optional.empty();
        }
        var last = due.last();
        var header = header(due.vault(), last.map(CheckpointRecord::header));
        try {
            // One that does not open is replaced where it is let be: a purged vault's, or an accepted one's.
            var tag = last.isPresent()
                    ? due.before().map(Projection.Entry::tag)
                    : store.read(header.id()).map(stored -> stored.tag());
            var sealed = marks.sealed(due.vault(), header, due.marks());
            var checkpoint = new Checkpoint(time.moment(), sealed);
            var bytes = format.checkpoints().write(due.vault().record().state(), header, checkpoint);
            projection.accept(store.compareAndSet(header.id(), tag, bytes));
            last.ifPresent(old -> marks.sweep(header.id(), old.state().marks(), sealed));
            return Optional.of(header.revision());
        } catch (ConflictException e) {
            store.read(header.id()).ifPresent(projection::take);
            return Optional.empty();
        }
    }

    private RecordHeader header(OpenVault vault, Optional<RecordHeader> before) {
        var id = ObjectId.checkpoint(vault.record().header().id().vault());
        long number =
                Math.max(before.map(RecordHeader::revision).orElse(0L), anchored.getOrDefault(id.vault(), 0L)) + 1;
        return new RecordHeader(
                id,
                vault.record().header().incarnation(),
                number,
                time.moment().wall(),
                ids.get(),
                OPERATION,
                Caller.Clockwork.NAME,
                Optional.empty(),
                before.map(RecordHeader::link).orElse(RecordHeader.NO_PREVIOUS),
                RecordHeader.NO_PREVIOUS);
    }

    /**
     * Takes what the store holds of a vault as it is, and begins its checkpoints anew from there.
     *
     * @return how many objects were refused before
     */
    synchronized int accept(VaultId id) {
        var refused = projection
                .objects(id)
                .filter(object -> projection.get(object).orElse(null) instanceof Quarantined)
                .toList();
        // The vault's own comes first in the order of objects, and with it the keys of the others.
        for (var object : refused) {
            projection.forget(object);
            store.read(object).ifPresent(projection::accept);
        }
        if (projection.get(ObjectId.vault(id)).isEmpty()) {
            anchor.write(Map.of(id, 0L));
            anchored.remove(id);
        } else {
            projection.objects(id).forEach(this::changed);
            // The operation that accepts is itself not audited yet, but that it began is.
            write(gather(id).stream().toList(), vault -> true);
        }
        return refused.size();
    }
}
