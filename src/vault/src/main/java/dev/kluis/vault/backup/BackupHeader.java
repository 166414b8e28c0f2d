package dev.kluis.vault.backup;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.SigningKey;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.record.Writer;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a backup file says of itself in the clear, signed by its vault and bound to its recipient; docs/reference/backup.md,
 * "File". The encoded form is kept as it was read.
 *
 * @param vault that it is of
 * @param expires from this instant on it is not restored
 * @param signer the vault's key, which signed it
 * @param recipient the id of the key that opens it, 32 hex characters
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record BackupHeader(
        VaultId vault,
        Instant created,
        Instant expires,
        VerifyingKey signer,
        byte[] signature,
        String keyCommitment,
        String recipient,
        byte[] sealedKey,
        byte[] mac) {

    /** The format of records that the objects were read from. */
    static final int RECORD_FORMAT = RecordHeader.FORMAT;

    private static final byte[] MAGIC = {'K', 'L', 'F', 1};
    private static final int NAME_LIMIT = 127;
    private static final int LENGTH_LIMIT = 640;
    /** The most bytes that a header has. */
    public static final int LIMIT = MAGIC.length + 2 + LENGTH_LIMIT;

    private static final int SEALED_KEY = SealingKey.LENGTH + RecipientKey.OVERHEAD;

    /** The key that signs a vault's backups: of the vault's whole life. */
    public static SigningKey signingKey(VaultState vault) {
        try (var seed = vault.commitment().derive("backup/signing")) {
            return SigningKey.ofSeed(seed);
        }
    }

    /** A new file's header. */
    static BackupHeader make(
            VaultId vault,
            Instant created,
            Instant expires,
            SigningKey signer,
            RecipientKey recipient,
            SealingKey fileKey,
            SecureRandom random) {
        var unsigned = new BackupHeader(
                vault,
                created,
                expires,
                signer.verifyingKey(),
                new byte[0],
                commitmentTo(fileKey),
                "",
                new byte[0],
                new byte[0]);
        var signed = new BackupHeader(
                vault,
                created,
                expires,
                signer.verifyingKey(),
                signer.sign(unsigned.signedPart()),
                unsigned.keyCommitment,
                "",
                new byte[0],
                new byte[0]);
        return signed.sealedTo(recipient, fileKey, random);
    }

    /** The same file for another recipient: its payload stays as it is. */
    BackupHeader sealedTo(RecipientKey key, SealingKey fileKey, SecureRandom random) {
        var to = with(key.id(), new byte[0], new byte[0]);
        try (var raw = fileKey.reveal(SecretAccess.GRANTED)) {
            to = to.with(key.id(), key.seal(raw, MAGIC, to.recipientPart(), random), new byte[0]);
        }
        return to.with(key.id(), to.sealedKey, to.macUnder(fileKey));
    }

    private BackupHeader with(String to, byte[] sealed, byte[] authenticated) {
        return new BackupHeader(vault, created, expires, signer, signature, keyCommitment, to, sealed, authenticated);
    }

    /**
     * The file's key, which the caller closes.
     *
     * @throws SealedBytesException when this pair does not open it, or the header was changed, or its signature is wrong
     */
    SealingKey open(RecipientKeyPair pair) throws SealedBytesException {
        if (!pair.publicKey().id().equals(recipient)) {
            throw new SealedBytesException("it was encrypted to the key " + recipient + ", and this is the key "
                    + pair.publicKey().id());
        }
        var key = SealingKey.of(pair.open(sealedKey, MAGIC, recipientPart()));
        boolean good = MessageDigest.isEqual(mac, macUnder(key))
                && commitmentTo(key).equals(keyCommitment)
                && signer.verify(signedPart(), signature);
        if (!good) {
            key.close();
            throw new SealedBytesException("its header was changed");
        }
        return key;
    }

    /** Whether its signer signed for the vault, the times and the key; for whom the file is, only its key proves. */
    public boolean signatureFits() {
        return signer.verify(signedPart(), signature);
    }

    static SealingKey payloadKey(SealingKey fileKey) {
        return SealingKey.of(fileKey.derive("backup/payload"));
    }

    private byte[] macUnder(SealingKey fileKey) {
        try (var key = SealingKey.of(fileKey.derive("backup/header"));
                var message = SecretBytes.owning(part().bytes(sealedKey).toBytes())) {
            return key.commit(message);
        }
    }

    private static String commitmentTo(SealingKey fileKey) {
        try (var derived = fileKey.derive("backup/commitment")) {
            return HexFormat.of().formatHex(derived.reveal(SecretAccess.GRANTED));
        }
    }

    private byte[] signedPart() {
        return signed().toBytes();
    }

    private byte[] recipientPart() {
        return part().toBytes();
    }

    private Writer signed() {
        return new Writer()
                .bytes(MAGIC)
                .text(vault.namespace(), NAME_LIMIT)
                .text(vault.name(), NAME_LIMIT)
                .time(created)
                .time(expires)
                .u16(RECORD_FORMAT)
                .hex(keyCommitment)
                .hex(signer.hex());
    }

    private Writer part() {
        return signed().bytes(signature).hex(recipient);
    }

    /** The header as a file begins with it. */
    byte[] encode() {
        byte[] rest = part().bytes(sealedKey).bytes(mac).toBytes();
        return new Writer()
                .bytes(MAGIC)
                .u16(rest.length - MAGIC.length)
                .bytes(Arrays.copyOfRange(rest, MAGIC.length, rest.length))
                .toBytes();
    }

    /** Reads a file's header and nothing after it. Whoever can write to where files are kept controls every byte. */
    static BackupHeader read(InputStream in) throws IOException, MalformedRecordException {
        if (!Arrays.equals(SnapshotCodec.exactly(in, MAGIC.length), MAGIC)) {
            throw new MalformedRecordException("not a backup file of version 1");
        }
        int length = new Reader(SnapshotCodec.exactly(in, 2)).u16();
        if (length > LENGTH_LIMIT) {
            throw new MalformedRecordException("a header is over its limit");
        }
        var body = new Reader(SnapshotCodec.exactly(in, length));
        try {
            var vault = new VaultId(body.text(NAME_LIMIT), body.text(NAME_LIMIT));
            var created = body.time();
            var expires = body.time();
            if (body.u16() != RECORD_FORMAT) {
                throw new MalformedRecordException("objects in a format that this version does not know");
            }
            String keyCommitment = body.hex(SealingKey.LENGTH);
            var signer = VerifyingKey.of(body.bytes(VerifyingKey.LENGTH));
            byte[] signature = body.bytes(VerifyingKey.SIGNATURE);
            String recipient = body.hex(RecipientKey.ID_LENGTH);
            byte[] sealedKey = body.bytes(SEALED_KEY);
            byte[] mac = body.bytes(32);
            body.end();
            return new BackupHeader(
                    vault, created, expires, signer, signature, keyCommitment, recipient, sealedKey, mac);
        } catch (InvalidNameException e) {
            throw new MalformedRecordException("a name in the header is not legal");
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("the signer in the header is no key");
        }
    }

    @Override
    public String toString() {
        return "BackupHeader[" + vault + ", " + created + "]";
    }
}
