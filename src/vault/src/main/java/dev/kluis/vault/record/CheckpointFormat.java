package dev.kluis.vault.record;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.record.RecordFormat.CheckpointRecord;
import dev.kluis.vault.record.RecordFormat.SealedBucket;
import dev.kluis.vault.record.RecordFormat.SealedValue;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.store.RecordBytes;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/**
 * Checkpoints as records, signed: docs/reference/format.md, "Checkpoints". The signature is over the bytes as they lie in
 * the store, so that it is verified before anything is opened, and by who has no key of a vault.
 */
public final class CheckpointFormat {

    private static final byte[] SIGNED = "kluis store checkpoint 1\n".getBytes(US_ASCII);
    private static final int SIGNATURE = VerifyingKey.LENGTH + VerifyingKey.SIGNATURE;

    private final RecordFormat records;
    private final CheckpointKeys keys;

    CheckpointFormat(RecordFormat records, Seal seal) {
        this.records = records;
        this.keys = new CheckpointKeys(seal);
    }

    /** Signed by the key of the newest root. */
    public RecordBytes write(VaultState vault, RecordHeader header, Checkpoint checkpoint) {
        try (var plain = CheckpointCodec.encode(checkpoint)) {
            var complete = header.withCommitment(RecordFormat.commitment(vault, plain));
            var bytes = records.write(vault, complete, plain, Map.of(), Map.of());
            var signer = keys.newest();
            byte[] upToSignature = new Writer()
                    .bytes(bytes.sealed())
                    .hex(signer.verifyingKey().hex())
                    .toBytes();
            byte[] signature = signer.sign(signed(bytes.header(), upToSignature));
            return new RecordBytes(
                    bytes.header(),
                    new Writer().bytes(upToSignature).bytes(signature).toBytes());
        }
    }

    /** @throws MalformedRecordException also when no key of a root that is here signed it */
    public CheckpointRecord read(ObjectId id, RecordBytes bytes, VaultState vault) throws MalformedRecordException {
        var signer = verified(bytes);
        byte[] sealed = bytes.sealed();
        var opened = RecordFormat.open(
                id, new RecordBytes(bytes.header(), Arrays.copyOf(sealed, sealed.length - SIGNATURE)), vault);
        try (var plain = opened.plain()) {
            return new CheckpointRecord(
                    opened.header(),
                    CheckpointCodec.decode(id.vault(), plain.reveal(SecretAccess.GRANTED)),
                    opened.generation(),
                    signer);
        }
    }

    private VerifyingKey verified(RecordBytes bytes) throws MalformedRecordException {
        int end = bytes.sealed().length - VerifyingKey.SIGNATURE;
        var signer = keys.believed(publicKey(bytes))
                .orElseThrow(() -> new MalformedRecordException("it is not signed by a key of this root"));
        byte[] signature = Arrays.copyOfRange(bytes.sealed(), end, bytes.sealed().length);
        if (!signer.verify(signed(bytes.header(), Arrays.copyOf(bytes.sealed(), end)), signature)) {
            throw new MalformedRecordException("its signature is not over it");
        }
        return signer;
    }

    private static byte[] publicKey(RecordBytes bytes) throws MalformedRecordException {
        int from = bytes.sealed().length - SIGNATURE;
        if (from < 0) {
            throw new MalformedRecordException("it is too short to be signed");
        }
        return Arrays.copyOfRange(bytes.sealed(), from, from + VerifyingKey.LENGTH);
    }

    private static byte[] signed(byte[] header, byte[] upToSignature) {
        return new Writer().bytes(SIGNED).block(header).bytes(upToSignature).toBytes();
    }

    /** Whether it names the newest root's key as its signer; what an older one signed is to be written anew. */
    public boolean current(RecordBytes bytes) throws MalformedRecordException {
        return keys.newest().verifyingKey().isEncodedAs(publicKey(bytes));
    }

    /** Whether the newest root's key signed it. */
    public boolean current(CheckpointRecord checkpoint) {
        return keys.newest().verifyingKey().equals(checkpoint.signer());
    }

    /** A bucket of marks as a content of the checkpoint's record, with what the checkpoint says of it. */
    public SealedBucket seal(
            VaultState vault, RecordHeader header, String content, SortedMap<ObjectId, Checkpoint.Mark> marks) {
        try (var plain = CheckpointCodec.encode(marks)) {
            return new SealedBucket(
                    new Checkpoint.Bucket(content, RecordFormat.commitment(vault, plain)),
                    records.seal(vault, header.id(), header.incarnation(), content, plain)
                            .encode());
        }
    }

    public SortedMap<ObjectId, Checkpoint.Mark> open(
            VaultState vault, RecordHeader header, Checkpoint.Bucket bucket, byte[] sealed)
            throws MalformedRecordException {
        try (var plain =
                records.open(vault, header.id(), header.incarnation(), bucket.content(), SealedValue.decode(sealed))) {
            if (!RecordFormat.commitment(vault, plain).equals(bucket.commitment())) {
                throw new MalformedRecordException("the checkpoint does not commit to these marks");
            }
            return CheckpointCodec.decodeMarks(header.id().vault(), plain.reveal(SecretAccess.GRANTED));
        }
    }
}
