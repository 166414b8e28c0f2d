package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenCheckpoint;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.record.Checkpoint;
import dev.kluis.vault.record.Checkpoint.Bucket;
import dev.kluis.vault.record.Checkpoint.Buckets;
import dev.kluis.vault.record.Checkpoint.Inline;
import dev.kluis.vault.record.Checkpoint.Mark;
import dev.kluis.vault.record.Checkpoint.Marks;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.CheckpointRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes checkpoints of vaults that changed, and holds what the store gives at the start against them: a record that
 * vanished or was put back is refused, and where a checkpoint itself was put back, the whole vault is, until somebody
 * accepts it. See DESIGN.md.
 */
final class Checkpoints {

    /** More marks than these lie in contents. */
    private static final int INLINE_MARKS = 256;

    private static final int MARKS_PER_BUCKET = 128;
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
    private final Map<VaultId, Set<ObjectId>> dirty = new ConcurrentHashMap<>();
    private final Map<VaultId, Long> anchored = new ConcurrentHashMap<>();
    /** What the store tells before is what it had at the start. */
    private volatile boolean started;

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
    }

    void changed(ObjectId id) {
        if (started) {
            dirty.computeIfAbsent(id.vault(), key -> ConcurrentHashMap.newKeySet())
                    .add(id);
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
                        refuse(id, "its checkpoint cannot be read");
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
            var marks = marks(vault, checkpoint.record());
            marks.forEach(this::verify);
            tellNewer(id, marks);
        } catch (MalformedRecordException e) {
            refuse(id, "its checkpoint cannot be read");
        }
    }

    private void verify(ObjectId id, Mark mark) {
        var entry = projection.get(id);
        var header = entry.flatMap(Projection::header);
        if (entry.isEmpty()) {
            projection.quarantine(id, "its record vanished from the store", Optional.of(mark));
        } else if (header.isEmpty()) {
            projection.quarantine(id, ((Projection.Quarantined) entry.get()).why(), Optional.of(mark));
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

    private SortedMap<ObjectId, Mark> marks(OpenVault vault, CheckpointRecord checkpoint)
            throws MalformedRecordException {
        return switch (checkpoint.state().marks()) {
            case Inline(var marks) -> marks;
            case Buckets(var buckets) -> {
                var all = new TreeMap<ObjectId, Mark>();
                for (var bucket : buckets) {
                    if (bucket.isPresent()) {
                        all.putAll(marks(vault, checkpoint.header(), bucket.get()));
                    }
                }
                yield all;
            }
        };
    }

    private SortedMap<ObjectId, Mark> marks(OpenVault vault, RecordHeader header, Bucket bucket)
            throws MalformedRecordException {
        byte[] sealed = store.readContent(header.id(), bucket.content())
                .orElseThrow(() -> new MalformedRecordException("a bucket of marks is gone"));
        return format.open(vault.record().state(), header, bucket, sealed);
    }

    // Later.

    /**
     * Writes a checkpoint of each vault that changed since its last.
     *
     * @param audited asked when it is known what a checkpoint names: false has it written the next time
     * @return how many were written
     */
    synchronized int write(BooleanSupplier audited) {
        Map<VaultId, Long> written = new HashMap<>();
        var now = time.moment().proven();
        if (!now.isBefore(noted.plus(NOTE_TIME_EVERY))) {
            projection.vaults().sorted().findFirst().ifPresent(this::again);
        }
        for (var vault : List.copyOf(dirty.keySet())) {
            var changed = dirty.remove(vault);
            if (changed != null) {
                write(vault, changed, audited).ifPresent(number -> written.put(vault, number));
            }
        }
        if (!written.isEmpty()) {
            noted = now;
            anchor.write(written);
            anchored.putAll(written);
        }
        return written.size();
    }

    /**
     * Begins the checkpoints of a purged vault anew, which is about to be made again: a crash after that would find one that
     * no key opens any more, or that names objects which are gone. It names nothing, so that all is told as newer.
     */
    synchronized void renew(VaultId id) throws ConflictException {
        var before = store.read(ObjectId.checkpoint(id));
        if (before.isPresent() && projection.get(ObjectId.vault(id)).orElse(null) instanceof OpenVault vault) {
            var last = projection
                    .get(ObjectId.checkpoint(id))
                    .filter(OpenCheckpoint.class::isInstance)
                    .map(entry -> ((OpenCheckpoint) entry).record().header());
            var header = header(vault, last);
            var checkpoint = new Checkpoint(time.moment(), new Inline(new TreeMap<>()));
            var bytes = format.write(vault.record().state(), header, checkpoint);
            projection.accept(store.compareAndSet(header.id(), before.map(stored -> stored.tag()), bytes));
            anchor.write(Map.of(id, header.revision()));
            anchored.put(id, header.revision());
        }
    }

    /** Has a checkpoint of a vault written, though nothing in it changed. */
    private void again(VaultId vault) {
        dirty.computeIfAbsent(vault, key -> ConcurrentHashMap.newKeySet());
    }

    private Optional<Long> write(VaultId id, Set<ObjectId> changed, BooleanSupplier audited) {
        if (!(projection.get(ObjectId.vault(id)).orElse(null) instanceof OpenVault vault)) {
            return Optional.empty(); // refused; its checkpoint stands
        }
        var before = projection.get(ObjectId.checkpoint(id));
        var last = before.filter(OpenCheckpoint.class::isInstance)
                .map(OpenCheckpoint.class::cast)
                .map(OpenCheckpoint::record);
        try {
            // One that does not open is replaced where it is let be: a purged vault's, or an accepted one's.
            var tag = last.isPresent()
                    ? before.map(Projection.Entry::tag)
                    : store.read(ObjectId.checkpoint(id)).map(stored -> stored.tag());
            var header = header(vault, last.map(CheckpointRecord::header));
            var marks = sealed(vault, header, last, changed);
            if (audited.getAsBoolean()) {
                var checkpoint = new Checkpoint(time.moment(), marks);
                var bytes = format.write(vault.record().state(), header, checkpoint);
                var stored = store.compareAndSet(header.id(), tag, bytes);
                projection.accept(stored);
                last.ifPresent(old -> sweep(header.id(), old.state().marks(), marks));
                return Optional.of(header.revision());
            }
        } catch (ConflictException e) {
            store.read(ObjectId.checkpoint(id)).ifPresent(projection::take);
        } catch (RuntimeException e) {
            changed.forEach(this::changed);
            again(id);
            throw e;
        }
        changed.forEach(this::changed);
        again(id);
        return Optional.empty();
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

    private Marks sealed(OpenVault vault, RecordHeader header, Optional<CheckpointRecord> last, Set<ObjectId> changed) {
        var id = header.id().vault();
        var objects = projection
                .objects(id)
                .filter(object -> object.kind() != ObjectKind.CHECKPOINT)
                .toList();
        if (objects.size() <= INLINE_MARKS) {
            return new Inline(marksOf(objects));
        }
        var before = last.map(CheckpointRecord::state)
                .map(Checkpoint::marks)
                .filter(Buckets.class::isInstance)
                .map(Buckets.class::cast)
                .map(Buckets::buckets)
                .filter(buckets -> fits(buckets.size(), objects.size()))
                // After a purge the vault has other keys, and after a rotation old ones shall not be needed.
                .filter(buckets -> last.get().header().incarnation().equals(header.incarnation()))
                .filter(buckets -> last.get().generation()
                        == vault.record().state().dataKeys().lastKey());
        int count = before.map(List::size).orElseGet(() -> bucketsFor(objects.size()));
        var renewed = new BitSet(count);
        if (before.isEmpty()) {
            renewed.set(0, count);
        }
        changed.forEach(object -> renewed.set(bucketOf(object, count)));
        var members = new HashMap<Integer, List<ObjectId>>();
        for (var object : objects) {
            int bucket = bucketOf(object, count);
            if (renewed.get(bucket)) {
                members.computeIfAbsent(bucket, key -> new ArrayList<>()).add(object);
            }
        }
        var buckets = new ArrayList<Optional<Bucket>>(count);
        for (int i = 0; i < count; i++) {
            buckets.add(
                    renewed.get(i)
                            ? Optional.ofNullable(members.get(i)).map(some -> written(vault, header, some))
                            : before.get().get(i));
        }
        return new Buckets(buckets);
    }

    private Bucket written(OpenVault vault, RecordHeader header, List<ObjectId> objects) {
        var sealed = format.seal(vault.record().state(), header, ids.get(), marksOf(objects));
        store.putContent(header.id(), sealed.bucket().content(), sealed.sealed());
        return sealed.bucket();
    }

    private SortedMap<ObjectId, Mark> marksOf(List<ObjectId> objects) {
        var marks = new TreeMap<ObjectId, Mark>();
        objects.forEach(
                object -> projection.get(object).flatMap(Projection::mark).ifPresent(mark -> marks.put(object, mark)));
        return marks;
    }

    /** After the record no longer names them. */
    private void sweep(ObjectId id, Marks before, Marks after) {
        var still = contents(after);
        contents(before).stream()
                .filter(content -> !still.contains(content))
                .forEach(content -> store.deleteContent(id, content));
    }

    /** The contents that marks lie in, by their versions. */
    static Set<String> contents(Marks marks) {
        var contents = new HashSet<String>();
        if (marks instanceof Buckets(var buckets)) {
            buckets.forEach(bucket -> bucket.map(Bucket::content).ifPresent(contents::add));
        }
        return contents;
    }

    private static boolean fits(int buckets, int objects) {
        int each = objects / buckets;
        return (each >= MARKS_PER_BUCKET / 4 || buckets == 1)
                && (each <= MARKS_PER_BUCKET * 4 || buckets == Checkpoint.MAX_BUCKETS);
    }

    private static int bucketsFor(int objects) {
        int wanted = Integer.highestOneBit(Math.max(1, objects / MARKS_PER_BUCKET));
        return Math.min(Checkpoint.MAX_BUCKETS, wanted);
    }

    private static int bucketOf(ObjectId id, int count) {
        return Math.floorMod(31 * id.name().hashCode() + id.kind().code(), count);
    }

    /**
     * Takes what the store holds of a vault as it is, and begins its checkpoints anew from there.
     *
     * @return how many objects were refused before
     */
    synchronized int accept(VaultId id) {
        var refused = projection
                .objects(id)
                .filter(object -> projection.get(object).orElse(null) instanceof Projection.Quarantined)
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
            write(() -> true); // the operation that accepts is itself not audited yet
        }
        return refused.size();
    }
}
