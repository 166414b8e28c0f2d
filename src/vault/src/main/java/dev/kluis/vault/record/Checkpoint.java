package dev.kluis.vault.record;

import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a vault held at a moment: of each object how far its record had come. Against it a record that vanished or was
 * rolled back is found. Small vaults' marks lie in the record, larger ones' in contents, one per bucket.
 *
 * @param moment when it was made, by both clocks
 */
public record Checkpoint(Moment moment, Marks marks) {

    /** As many buckets as there may be; a bucket of 2,000 marks still fits into a content. */
    public static final int MAX_BUCKETS = 1024;

    /** How far the record of an object had come: its revision and its link, 64 hex characters. */
    public record Mark(long revision, String link) {
        public static Mark of(RecordHeader header) {
            return new Mark(header.revision(), header.link());
        }
    }

    public sealed interface Marks {}

    /** All of them. */
    public record Inline(SortedMap<ObjectId, Mark> marks) implements Marks {
        public Inline {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
        }
    }

    /** By the bucket that an object is in; empty where a bucket has none. */
    public record Buckets(List<Optional<Bucket>> buckets) implements Marks {
        public Buckets {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * A bucket of marks in a content.
     *
     * @param content 32 hex characters: the content's version
     * @param commitment 64 hex characters: the vault's keyed commitment to the marks
     */
    public record Bucket(String content, String commitment) {}
}
