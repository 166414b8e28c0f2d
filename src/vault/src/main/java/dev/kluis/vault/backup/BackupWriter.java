package dev.kluis.vault.backup;

import dev.kluis.crypto.SealedOutputStream;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.HexFormat;

/** Writes a backup file as a stream: it holds one chunk, whatever the size of the vault. */
final class BackupWriter {

    static final int VAULT = 1;
    static final int OBJECT = 2;
    static final int END = 3;

    private final SealedOutputStream sealed;
    private final DigestOutputStream payload;
    private Totals totals = Totals.none();

    /** @param out stays open */
    BackupWriter(OutputStream out, BackupHeader header, SealingKey fileKey) throws IOException {
        out.write(header.encode());
        try (var key = BackupHeader.payloadKey(fileKey)) {
            this.sealed = new SealedOutputStream(out, key);
        }
        this.payload = new DigestOutputStream(sealed, Sha256.begin());
    }

    void vault(BackedUpVault vault) throws IOException {
        payload.write(VAULT);
        SnapshotCodec.block(payload, vault.encode());
    }

    void object(ObjectSnapshot object) throws IOException {
        payload.write(OBJECT);
        SnapshotCodec.write(payload, object);
        totals = totals.and(object);
    }

    /** Without this the file does not open to its end. */
    Totals finish(int unreadable) throws IOException {
        totals = totals.ending(
                unreadable, HexFormat.of().formatHex(payload.getMessageDigest().digest()));
        payload.on(false);
        payload.write(END);
        SnapshotCodec.block(payload, totals.encode());
        sealed.finish();
        return totals;
    }
}
