package dev.kluis.vault.backup;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.ObjectSnapshot.VersionSnapshot;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.VersionDetail;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.ObjectCodec;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.record.StateCodec;
import dev.kluis.vault.record.Writer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * An object as a stream of bytes; docs/reference/backup.md, "Object". Whoever holds the key that the stream was sealed
 * under controls every byte, so lengths are checked before anything is allocated.
 */
final class SnapshotCodec {

    /** The longest description of an object, in bytes: a record's limit. */
    private static final int DESCRIPTION_LIMIT = 256 * 1024;

    private static final int NAME_LIMIT = 127;

    private SnapshotCodec() {}

    private record Described(
            String id, Instant created, Instant updated, Attributes attributes, VersionDetail detail, int length) {}

    static void write(OutputStream out, ObjectSnapshot object) throws IOException {
        var text = new Writer()
                .u8(object.id().kind().code())
                .text(object.id().name(), NAME_LIMIT)
                .hex(object.incarnation())
                .i64(object.revision())
                .time(object.time());
        StateCodec.lifecycle(text, object.lifecycle());
        text.flag(object.managed());
        ObjectCodec.policy(text, object.id().kind(), object.policy());
        RecordHeader.ownership(text, object.ownership());
        text.u16(object.versions().size());
        for (var version : object.versions()) {
            text.hex(version.id()).time(version.created()).time(version.updated());
            ObjectCodec.attributes(text, version.attributes());
            ObjectCodec.detail(text, version.detail());
            text.u32(version.value().length());
        }
        block(out, text);
        for (var version : object.versions()) {
            byte[] value = version.value().reveal(SecretAccess.GRANTED);
            try {
                out.write(value);
            } finally {
                Arrays.fill(value, (byte) 0);
            }
        }
    }

    /**
     * The object, which the caller closes.
     *
     * @param vault that it becomes an object of
     */
    static ObjectSnapshot read(InputStream in, VaultId vault) throws IOException, MalformedRecordException {
        var text = new Reader(block(in, DESCRIPTION_LIMIT));
        try {
            var kind = kind(text);
            var id = new ObjectId(vault, kind, text.objectName(NAME_LIMIT));
            String incarnation = text.hex(16);
            long revision = text.i64();
            var time = text.time();
            var lifecycle = StateCodec.lifecycle(text);
            boolean managed = text.flag();
            var policy = ObjectCodec.policy(text, kind);
            var ownership = RecordHeader.ownership(text);
            var described = versions(text, kind);
            if (lifecycle instanceof Lifecycle.Purged || described.isEmpty()) {
                throw new MalformedRecordException("an object without versions");
            }
            return new ObjectSnapshot(
                    id, incarnation, revision, time, lifecycle, managed, policy, ownership, values(in, described));
        } catch (InvalidNameException e) {
            throw new MalformedRecordException("a name is not legal");
        }
    }

    /** @throws MalformedRecordException for what is no kind of object */
    static ObjectKind kind(Reader in) throws MalformedRecordException {
        try {
            var kind = ObjectKind.ofCode(in.u8());
            if (kind.named()) {
                return kind;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as what is a kind and no object's.
        }
        throw new MalformedRecordException("not an object of a vault");
    }

    private static List<Described> versions(Reader text, ObjectKind kind) throws MalformedRecordException {
        int count = text.u16();
        if (count > ObjectState.MAX_VERSIONS) {
            throw new MalformedRecordException("an object has over " + ObjectState.MAX_VERSIONS + " versions");
        }
        var versions = new ArrayList<Described>();
        var ids = new HashSet<String>();
        for (int i = 0; i < count; i++) {
            var version = new Described(
                    text.hex(16),
                    text.time(),
                    text.time(),
                    ObjectCodec.attributes(text),
                    ObjectCodec.detail(text, kind),
                    text.u32());
            if (!ids.add(version.id()) || version.length() > ObjectState.MAX_VALUE) {
                throw new MalformedRecordException("a version twice, or a value over its limit");
            }
            versions.add(version);
        }
        text.end();
        return versions;
    }

    private static List<VersionSnapshot> values(InputStream in, List<Described> described)
            throws IOException, MalformedRecordException {
        var versions = new ArrayList<VersionSnapshot>();
        boolean complete = false;
        try {
            for (var one : described) {
                var value = SecretBytes.owning(exactly(in, one.length()));
                versions.add(new VersionSnapshot(
                        one.id(), one.created(), one.updated(), one.attributes(), one.detail(), value));
            }
            complete = true;
            return versions;
        } finally {
            if (!complete) {
                versions.forEach(version -> version.value().close());
            }
        }
    }

    static void block(OutputStream out, Writer bytes) throws IOException {
        out.write(new Writer().block(bytes.toBytes()).toBytes());
    }

    static byte[] block(InputStream in, int limit) throws IOException, MalformedRecordException {
        int length = new Reader(exactly(in, 4)).u32();
        if (length > limit) {
            throw new MalformedRecordException("a block is over its limit of " + limit + " bytes");
        }
        return exactly(in, length);
    }

    static byte[] exactly(InputStream in, int length) throws IOException, MalformedRecordException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            Arrays.fill(bytes, (byte) 0);
            throw new MalformedRecordException("the bytes end too early");
        }
        return bytes;
    }
}
