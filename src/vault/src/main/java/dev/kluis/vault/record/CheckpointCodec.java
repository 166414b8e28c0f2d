package dev.kluis.vault.record;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.record.Checkpoint.Bucket;
import dev.kluis.vault.record.Checkpoint.Buckets;
import dev.kluis.vault.record.Checkpoint.Inline;
import dev.kluis.vault.record.Checkpoint.Mark;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checkpoints as bytes; docs/reference/format.md, "Checkpoints". */
final class CheckpointCodec {

    private static final int NAME_LIMIT = 127;
    private static final int IN_RECORD = 0;
    private static final int IN_CONTENTS = 1;

    private CheckpointCodec() {}

    static SecretBytes encode(Checkpoint checkpoint) {
        var out = new Writer()
                .time(checkpoint.moment().wall())
                .time(checkpoint.moment().proven());
        switch (checkpoint.marks()) {
            case Inline(var marks) -> marks(out.u8(IN_RECORD), marks);
            case Buckets(var buckets) -> {
                out.u8(IN_CONTENTS).u16(buckets.size());
                for (var bucket : buckets) {
                    out.flag(bucket.isPresent());
                    bucket.ifPresent(one -> out.hex(one.content()).hex(one.commitment()));
                }
            }
        }
        return SecretBytes.owning(out.toBytes());
    }

    static Checkpoint decode(VaultId vault, byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var moment = new Moment(in.time(), in.time());
        int form = in.u8();
        var marks = switch (form) {
            case IN_RECORD -> new Inline(marks(vault, in));
            case IN_CONTENTS -> buckets(in);
            default -> throw new MalformedRecordException("no checkpoint has the form " + form);
        };
        in.end();
        return new Checkpoint(moment, marks);
    }

    private static Buckets buckets(Reader in) throws MalformedRecordException {
        int count = in.u16();
        if (count == 0 || count > Checkpoint.MAX_BUCKETS) {
            throw new MalformedRecordException("a checkpoint has 1 to " + Checkpoint.MAX_BUCKETS + " buckets");
        }
        var buckets = new ArrayList<Optional<Bucket>>(count);
        for (int i = 0; i < count; i++) {
            buckets.add(in.flag() ? Optional.of(new Bucket(in.hex(16), in.hex(32))) : Optional.empty());
        }
        return new Buckets(buckets);
    }

    static SecretBytes encode(SortedMap<ObjectId, Mark> marks) {
        return SecretBytes.owning(marks(new Writer(), marks).toBytes());
    }

    static SortedMap<ObjectId, Mark> decodeMarks(VaultId vault, byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var marks = marks(vault, in);
        in.end();
        return marks;
    }

    private static Writer marks(Writer out, Map<ObjectId, Mark> marks) {
        out.u32(marks.size());
        marks.forEach((id, mark) -> out.u8(id.kind().code())
                .text(id.name(), NAME_LIMIT)
                .i64(mark.revision())
                .hex(mark.link()));
        return out;
    }

    private static SortedMap<ObjectId, Mark> marks(VaultId vault, Reader in) throws MalformedRecordException {
        int count = in.u32();
        var marks = new TreeMap<ObjectId, Mark>();
        try {
            for (int i = 0; i < count; i++) {
                var id = new ObjectId(vault, ObjectKind.ofCode(in.u8()), in.objectName(NAME_LIMIT));
                if (!marks.isEmpty() && id.compareTo(marks.lastKey()) <= 0) {
                    throw new MalformedRecordException("the marks are not in their order");
                }
                marks.put(id, new Mark(in.i64(), in.hex(32)));
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("a mark names no object");
        }
        return marks;
    }
}
