package dev.kluis.vault.backup;

import dev.kluis.crypto.BrokenStreamException;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealedInputStream;
import dev.kluis.crypto.SealedOutputStream;
import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.Writer;
import dev.kluis.vault.seal.Seal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * One object with all its versions as opaque bytes that only a Kluis of the same root opens; docs/reference/backup.md,
 * "Blob". A key of its own, wrapped by the root, seals each blob, so replacing vault keys does not end it.
 */
public final class ObjectBlob {

    /** The longest blob, in bytes: 500 values of 25,600 bytes, what a record can describe, and the seals. */
    public static final int LIMIT = 13 * 1024 * 1024;

    private static final byte[] MAGIC = {'K', 'L', 'B', 2};
    private static final int NAME_LIMIT = 127;
    private static final int HEADER_LIMIT = 8 * 1024;

    private final Seal seal;
    private final SecureRandom random;

    public ObjectBlob(Seal seal, SecureRandom random) {
        this.seal = seal;
        this.random = random;
    }

    byte[] seal(ObjectSnapshot object) {
        var out = new ByteArrayOutputStream();
        try (var key = SealingKey.generate(random)) {
            byte[] target = target(object.id());
            out.writeBytes(target);
            out.writeBytes(new Writer().block(seal.wrap(key, target)).toBytes());
            var sealed = new SealedOutputStream(out, key);
            SnapshotCodec.write(sealed, object);
            sealed.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] target(ObjectId id) {
        return new Writer()
                .bytes(MAGIC)
                .text(id.vault().namespace(), NAME_LIMIT)
                .text(id.vault().name(), NAME_LIMIT)
                .u8(id.kind().code())
                .text(id.name(), NAME_LIMIT)
                .toBytes();
    }

    /**
     * The name of the object that a blob says it is of; only {@link #open} proves it. The client controls every byte.
     *
     * @throws VaultException with {@code BAD_PARAMETER} for what is no blob of such an object
     */
    static String claimed(byte[] blob, ObjectKind kind) {
        try {
            var id = header(blob).id();
            if (id.kind() == kind) {
                return id.name();
            }
        } catch (MalformedRecordException e) {
            // Told below, as the blob of another kind.
        }
        throw bad();
    }

    /**
     * The object, which the caller closes.
     *
     * @throws VaultException with {@code BAD_PARAMETER} for what this root did not seal, or that was changed
     */
    ObjectSnapshot open(byte[] blob) {
        try {
            var header = header(blob);
            try (var key = seal.unwrap(header.wrapped(), target(header.id()));
                    var in = new SealedInputStream(
                            new ByteArrayInputStream(blob, header.length(), blob.length - header.length()), key)) {
                var object = SnapshotCodec.read(in, header.id().vault());
                if (!object.id().equals(header.id()) || in.read() >= 0) {
                    object.close();
                    throw bad();
                }
                return object;
            }
        } catch (BrokenStreamException | MalformedRecordException | SealedBytesException e) {
            throw bad();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Header(ObjectId id, byte[] wrapped, int length) {}

    private static Header header(byte[] blob) throws MalformedRecordException {
        if (blob.length > LIMIT) {
            throw new MalformedRecordException("a blob is over its limit of " + LIMIT + " bytes");
        }
        var in = new Reader(Arrays.copyOf(blob, Math.min(blob.length, HEADER_LIMIT)));
        if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
            throw new MalformedRecordException("not a blob of version 2");
        }
        try {
            var vault = new VaultId(in.text(NAME_LIMIT), in.text(NAME_LIMIT));
            var id = new ObjectId(vault, SnapshotCodec.kind(in), in.objectName(NAME_LIMIT));
            byte[] wrapped = in.block();
            int length = target(id).length + 4 + wrapped.length;
            if (length > blob.length) {
                throw new MalformedRecordException("the bytes end too early");
            }
            return new Header(id, wrapped, length);
        } catch (InvalidNameException e) {
            throw new MalformedRecordException("a name is not legal");
        }
    }

    private static VaultException bad() {
        return new VaultException(
                Code.BAD_PARAMETER, "this is no backup of an object that was made here, or it was changed");
    }
}
