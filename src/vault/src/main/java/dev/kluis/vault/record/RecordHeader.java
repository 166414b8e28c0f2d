package dev.kluis.vault.record;

import dev.kluis.crypto.Sha256;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a record says of itself in the clear, all of it authenticated with what it seals.
 *
 * @param incarnation 32 hex characters; another one after a purge
 * @param revision 1 for the first record of a key, then one more at each write
 * @param time of the write, to the millisecond
 * @param operationId 32 hex characters
 * @param operation its name, as in the audit
 * @param actor the caller's name
 * @param ownership when a resource made the object
 * @param previous 64 hex characters: {@link #link} of the record before; zeros for the first
 * @param commitment 64 hex characters: the keyed commitment to the state
 */
public record RecordHeader(
        ObjectId id,
        String incarnation,
        long revision,
        Instant time,
        String operationId,
        String operation,
        String actor,
        Optional<Ownership> ownership,
        String previous,
        String commitment) {

    /** The {@code previous} of a first record. */
    public static final String NO_PREVIOUS = "0".repeat(64);

    /** The version of the format that is written and read. */
    public static final int FORMAT = 2;

    private static final byte[] MAGIC = {'K', 'L', 'R'};
    private static final int NAME_LIMIT = 127;
    private static final int OPERATION_LIMIT = 64;
    private static final int ACTOR_LIMIT = 1024;
    private static final int OWNER_LIMIT = 512;
    private static final int SEALED_LIMIT = 64;
    private static final Pattern SEALED = Pattern.compile("([0-9a-f]{64})?");

    public byte[] encode() {
        return new Writer()
                .bytes(MAGIC)
                .u8(FORMAT)
                .text(id.vault().namespace(), NAME_LIMIT)
                .text(id.vault().name(), NAME_LIMIT)
                .u8(id.kind().code())
                .text(id.name(), NAME_LIMIT)
                .hex(incarnation)
                .i64(revision)
                .time(time)
                .hex(operationId)
                .text(operation, OPERATION_LIMIT)
                .text(actor, ACTOR_LIMIT)
                .bytes(ownership(new Writer(), ownership).toBytes())
                .hex(previous)
                .hex(commitment)
                .toBytes();
    }

    /** An ownership, as in every header. */
    public static Writer ownership(Writer out, Optional<Ownership> ownership) {
        return out.text(ownership.map(Ownership::owner).map(Owner::toString).orElse(""), OWNER_LIMIT)
                .text(ownership.map(Ownership::rotate).orElse(""), Ownership.ROTATE_LIMIT)
                .flag(ownership.filter(Ownership::keep).isPresent())
                .text(ownership.map(Ownership::sealed).orElse(""), SEALED_LIMIT);
    }

    /** The inverse of writing it. */
    public static Optional<Ownership> ownership(Reader in) throws MalformedRecordException {
        try {
            return ownership(in.text(OWNER_LIMIT), in.text(Ownership.ROTATE_LIMIT), in.u8(), in.text(SEALED_LIMIT));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("an ownership is not legal");
        }
    }

    public static RecordHeader decode(byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
            throw new MalformedRecordException("not a record");
        }
        int format = in.u8();
        if (format != FORMAT) {
            throw new MalformedRecordException(
                    "a record of format version " + format + ", and this Kluis reads version " + FORMAT);
        }
        try {
            var vault = new VaultId(in.text(NAME_LIMIT), in.text(NAME_LIMIT));
            var id = new ObjectId(vault, ObjectKind.ofCode(in.u8()), in.objectName(NAME_LIMIT));
            var header = new RecordHeader(
                    id,
                    in.hex(16),
                    in.i64(),
                    in.time(),
                    in.hex(16),
                    in.text(OPERATION_LIMIT),
                    in.text(ACTOR_LIMIT),
                    ownership(in),
                    in.hex(32),
                    in.hex(32));
            in.end();
            return header;
        } catch (InvalidNameException e) {
            throw new MalformedRecordException("a name in the header is not legal");
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("a field of the header is not legal");
        }
    }

    private static Optional<Ownership> ownership(String owner, String rotate, int keep, String sealed) {
        boolean nothing = rotate.isEmpty() && keep == 0 && sealed.isEmpty();
        if (keep > 1 || (owner.isEmpty() && !nothing) || !SEALED.matcher(sealed).matches()) {
            throw new IllegalArgumentException("an ownership that no writer writes");
        }
        return owner.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ownership(Owner.parse(owner), rotate, keep == 1, sealed));
    }

    public RecordHeader withCommitment(String state) {
        return new RecordHeader(
                id, incarnation, revision, time, operationId, operation, actor, ownership, previous, state);
    }

    public Optional<Owner> owner() {
        return ownership.map(Ownership::owner);
    }

    /** The header of an object that is made again as the incarnation that it was. */
    public RecordHeader as(String restored) {
        return new RecordHeader(
                id, restored, revision, time, operationId, operation, actor, ownership, previous, commitment);
    }

    public RecordHeader with(Optional<Ownership> changed) {
        return new RecordHeader(
                id, incarnation, revision, time, operationId, operation, actor, changed, previous, commitment);
    }

    /** What the next record of this key names as its previous: SHA-256 over the encoded header, 64 hex characters. */
    public String link() {
        return Sha256.hex(encode());
    }
}
