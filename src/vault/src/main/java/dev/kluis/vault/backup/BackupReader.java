package dev.kluis.vault.backup;

import dev.kluis.crypto.BrokenStreamException;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealedInputStream;
import dev.kluis.crypto.Sha256;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.record.MalformedRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a backup file as a stream: it holds one chunk and one object. Every byte may be an attacker's who can write to
 * where files are kept; what is not exactly a file of its signer for this key is {@code BAD_PARAMETER}, and an
 * {@link IOException} is the fault of where it comes from.
 */
public final class BackupReader {

    private static final int BLOCK_LIMIT = 256 * 1024;

    private final BackupHeader header;
    private final DigestInputStream payload;
    private final BackedUpVault vault;
    private Totals seen = Totals.none();
    private @Nullable Totals end;

    private BackupReader(BackupHeader header, DigestInputStream payload, BackedUpVault vault) {
        this.header = header;
        this.payload = payload;
        this.vault = vault;
    }

    /**
     * What a file says of itself, without a key: nothing of it is proved.
     *
     * @param in stays open, after the header
     */
    public static BackupHeader header(InputStream in) throws IOException {
        return checked(() -> BackupHeader.read(in));
    }

    /** @param in stays open */
    public static BackupReader open(InputStream in, RecipientKeyPair key) throws IOException {
        return open(in, id -> Optional.of(key));
    }

    /**
     * @param in stays open
     * @param keys by the id of their public key
     */
    public static BackupReader open(InputStream in, Function<String, Optional<RecipientKeyPair>> keys)
            throws IOException {
        return checked(() -> {
            var header = BackupHeader.read(in);
            var key = keys.apply(header.recipient())
                    .orElseThrow(() -> new MalformedRecordException(
                            "it is encrypted to the key " + header.recipient() + ", which is not here"));
            try (var fileKey = header.open(key);
                    var payloadKey = BackupHeader.payloadKey(fileKey)) {
                var payload = new DigestInputStream(new SealedInputStream(in, payloadKey), Sha256.begin());
                if (payload.read() != BackupWriter.VAULT) {
                    throw new MalformedRecordException("it does not begin with its vault");
                }
                return new BackupReader(
                        header, payload, BackedUpVault.decode(SnapshotCodec.block(payload, BLOCK_LIMIT)));
            }
        });
    }

    /**
     * A file for another recipient, whose private key then opens it too: so a private key never leaves where it is. Only the
     * header is another one, of the same length; the payload is given as it is, and nothing of it is proved.
     *
     * @param in is closed with the result
     */
    public static InputStream sealed(InputStream in, RecipientKeyPair key, RecipientKey to, SecureRandom random)
            throws IOException {
        var header = header(in);
        byte[] other = checked(() -> {
            try (var fileKey = header.open(key)) {
                return header.sealedTo(to, fileKey, random).encode();
            }
        });
        return new SequenceInputStream(new ByteArrayInputStream(other), in);
    }

    public BackupHeader header() {
        return header;
    }

    public BackedUpVault vault() {
        return vault;
    }

    /**
     * The next object, which the caller closes; empty at the end of a whole file.
     *
     * @param target the vault that it becomes an object of
     */
    public Optional<ObjectSnapshot> next(VaultId target) throws IOException {
        if (end != null) {
            return Optional.empty();
        }
        return checked(() -> {
            byte[] before = clonedDigest();
            return switch (payload.read()) {
                case BackupWriter.OBJECT -> {
                    var object = SnapshotCodec.read(payload, target);
                    seen = seen.and(object);
                    yield Optional.of(object);
                }
                case BackupWriter.END -> {
                    end = requireEnd(before);
                    yield Optional.<ObjectSnapshot>empty();
                }
                default -> throw new MalformedRecordException("neither an object nor the end");
            };
        });
    }

    /** What is in the file, known at its end only. */
    public Optional<Totals> totals() {
        return Optional.ofNullable(end);
    }

    /** Reads to the end. Throws when the file is not whole and unchanged. */
    public Totals verify() throws IOException {
        for (var object = next(header.vault()); object.isPresent(); object = next(header.vault())) {
            object.get().close();
        }
        return totals().orElseThrow();
    }

    private Totals requireEnd(byte[] digest) throws IOException, MalformedRecordException {
        var totals = Totals.decode(SnapshotCodec.block(payload, BLOCK_LIMIT));
        var counted = seen.ending(totals.unreadable(), HexFormat.of().formatHex(digest));
        if (!totals.equals(counted) || payload.read() >= 0) {
            throw new MalformedRecordException("its end does not fit what is in it");
        }
        return totals;
    }

    /** The digest of all that was read until now. */
    private byte[] clonedDigest() {
        try {
            return ((MessageDigest) payload.getMessageDigest().clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this runtime cannot be cloned", e);
        }
    }

    private interface Reading<T> {
        T read() throws IOException, MalformedRecordException, SealedBytesException;
    }

    private static <T> T checked(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (BrokenStreamException e) {
            throw new VaultException(Code.BAD_PARAMETER, "the backup file was cut or changed");
        } catch (MalformedRecordException | SealedBytesException e) {
            throw new VaultException(Code.BAD_PARAMETER, "the backup file cannot be used: " + e.getMessage());
        }
    }
}
