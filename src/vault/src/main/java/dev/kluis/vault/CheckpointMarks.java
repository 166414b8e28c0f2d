package dev.kluis.vault;

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
import dev.kluis.vault.store.Store;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The marks of checkpoints: few lie in the record, many in contents, of which a change writes one. See DESIGN.md. */
final class CheckpointMarks {

    /** More marks than these lie in contents. */
    private static final int INLINE_MARKS = 256;

    private static final int MARKS_PER_BUCKET = 128;

    private final Store store;
    private final RecordFormat format;
    private final Projection projection;
    private final Supplier<String> ids;

    /** @param ids makes 32 hex characters */
    CheckpointMarks(Store store, RecordFormat format, Projection projection, Supplier<String> ids) {
        this.store = store;
        this.format = format;
        this.projection = projection;
        this.ids = ids;
    }

    /** All marks of a checkpoint, wherever they lie. */
    SortedMap<ObjectId, Mark> of(OpenVault vault, CheckpointRecord checkpoint) throws MalformedRecordException {
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
        return format.checkpoints().open(vault.record().state(), header, bucket, sealed);
    }

    /** How far the objects of a vault had come at one moment, of which nothing is written yet. */
    sealed interface Gathered {

        /** All of few. */
        record Few(SortedMap<ObjectId, Mark> marks) implements Gathered {}

        /**
         * Those of many, by buckets.
         *
         * @param kept the buckets as they were, where they are not renewed
         * @param renewed the marks of those buckets that are, by number
         */
        record Many(List<Optional<Bucket>> kept, SortedMap<Integer, SortedMap<ObjectId, Mark>> renewed)
                implements Gathered {}
    }

    /**
     * How far every object of a vault has come, for its next checkpoint.
     *
     * @param changed since the last one
     */
    Gathered gathered(OpenVault vault, Optional<CheckpointRecord> last, Set<ObjectId> changed) {
        var header = vault.record().header();
        var objects = projection
                .objects(header.id().vault())
                .filter(object -> object.kind() != ObjectKind.CHECKPOINT)
                .toList();
        if (objects.size() <= INLINE_MARKS) {
            return new Gathered.Few(marksOf(objects));
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
        var members = new TreeMap<Integer, List<ObjectId>>();
        for (var object : objects) {
            int bucket = bucketOf(object, count);
            if (renewed.get(bucket)) {
                members.computeIfAbsent(bucket, key -> new ArrayList<>()).add(object);
            }
        }
        var kept = new ArrayList<Optional<Bucket>>(count);
        for (int i = 0; i < count; i++) {
            kept.add(renewed.get(i) ? Optional.empty() : before.get().get(i));
        }
        var marks = new TreeMap<Integer, SortedMap<ObjectId, Mark>>();
        members.forEach((bucket, some) -> marks.put(bucket, marksOf(some)));
        return new Gathered.Many(kept, marks);
    }

    /** Has what was gathered in a checkpoint of this header; what lies in contents is written. */
    Marks sealed(OpenVault vault, RecordHeader header, Gathered gathered) {
        return switch (gathered) {
            case Gathered.Few(var marks) -> new Inline(marks);
            case Gathered.Many(var kept, var renewed) -> {
                var buckets = new ArrayList<>(kept);
                renewed.forEach((bucket, marks) -> buckets.set(bucket, Optional.of(written(vault, header, marks))));
                yield new Buckets(buckets);
            }
        };
    }

    private Bucket written(OpenVault vault, RecordHeader header, SortedMap<ObjectId, Mark> marks) {
        var sealed = format.checkpoints().seal(vault.record().state(), header, ids.get(), marks);
        store.putContent(header.id(), sealed.bucket().content(), sealed.sealed());
        return sealed.bucket();
    }

    private SortedMap<ObjectId, Mark> marksOf(List<ObjectId> objects) {
        var marks = new TreeMap<ObjectId, Mark>();
        objects.forEach(
                object -> projection.get(object).flatMap(Projection::mark).ifPresent(mark -> marks.put(object, mark)));
        return marks;
    }

    /** Removes the contents that marks lay in, after the record no longer names them. */
    void sweep(ObjectId id, Marks before, Marks after) {
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
}
