package dev.kluis.vault.backup;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.Writer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a vault notes beside a backup file of its own: a file says how much is in it only to the holder of the recipient's
 * key, and the note says it to the vault; docs/reference/backup.md, "Note". It is sealed by a key of the vault, bound to the
 * file's header, and needed for nothing but a list.
 *
 * @param bytes of the whole file
 * @param digest SHA-256 of the whole file, 64 hex characters
 */
public record BackupNote(Totals totals, long bytes, String digest) {

    /** The longest note that is read, in bytes. */
    public static final int LIMIT = 256;

    private static final byte[] MAGIC = {'K', 'L', 'N', 1};
    private static final int DIGEST = 32;

    /** Opens notes of one vault. */
    public static final class Key implements AutoCloseable {

        private final SealingKey key;

        private Key(SealingKey key) {
            this.key = key;
        }

        static Key of(VaultState vault) {
            return new Key(SealingKey.of(vault.commitment().derive("backup/note")));
        }

        /** What was noted of a file; absent where it is no note of this vault on this file. Whoever writes there made it. */
        public Optional<BackupNote> open(BackupHeader file, byte[] note) {
            if (note.length > LIMIT || !Arrays.equals(note, 0, Math.min(4, note.length), MAGIC, 0, 4)) {
                return Optional.empty();
            }
            byte[] sealed = Arrays.copyOfRange(note, MAGIC.length, note.length);
            try (var plain = key.open(sealed, additional(file))) {
                return Optional.of(decode(plain.reveal(SecretAccess.GRANTED)));
            } catch (SealedBytesException | MalformedRecordException e) {
                return Optional.empty();
            }
        }

        byte[] seal(BackupHeader file, BackupNote note, SecureRandom random) {
            try (var plain = SecretBytes.owning(note.encode())) {
                return new Writer()
                        .bytes(MAGIC)
                        .bytes(key.seal(plain, additional(file), random))
                        .toBytes();
            }
        }

        @Override
        public void close() {
            key.close();
        }
    }

    private static byte[] additional(BackupHeader file) {
        return new Writer().bytes(MAGIC).bytes(file.encode()).toBytes();
    }

    byte[] encode() {
        return new Writer()
                .block(totals.encode().toBytes())
                .i64(bytes)
                .hex(digest)
                .toBytes();
    }

    static BackupNote decode(byte[] plain) throws MalformedRecordException {
        var in = new Reader(plain);
        var note = new BackupNote(Totals.decode(in.block()), in.i64(), in.hex(DIGEST));
        in.end();
        if (note.bytes < 0) {
            throw new MalformedRecordException("a file of less than no bytes");
        }
        return note;
    }
}
