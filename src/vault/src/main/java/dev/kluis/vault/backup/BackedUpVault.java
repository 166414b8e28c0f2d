package dev.kluis.vault.backup;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultRecipient;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.StateCodec;
import dev.kluis.vault.record.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a backup holds of the vault itself: no key that seals records, but those that values were sealed to, since texts in
 * git outlive a cluster.
 *
 * @param incarnation 32 hex characters
 * @param recipients oldest first
 */
public record BackedUpVault(
        String incarnation, long revision, VaultSettings settings, List<VaultRecipient> recipients) {

    private static final int RECIPIENT_LIMIT = 1000;

    Writer encode() {
        var out = new Writer().hex(incarnation).i64(revision);
        StateCodec.settings(out, settings);
        out.u16(recipients.size());
        for (var recipient : recipients) {
            out.time(recipient.created());
            try (var raw = recipient.keys().reveal(SecretAccess.GRANTED)) {
                byte[] bytes = raw.reveal(SecretAccess.GRANTED);
                out.bytes(bytes);
                Arrays.fill(bytes, (byte) 0);
            }
        }
        return out;
    }

    static BackedUpVault decode(byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        String incarnation = in.hex(16);
        long revision = in.i64();
        var settings = StateCodec.settings(in);
        int count = in.u16();
        if (count > RECIPIENT_LIMIT) {
            throw new MalformedRecordException("a vault with over " + RECIPIENT_LIMIT + " keys");
        }
        var recipients = new ArrayList<VaultRecipient>();
        for (int i = 0; i < count; i++) {
            recipients.add(new VaultRecipient(
                    in.time(), RecipientKeyPair.of(SecretBytes.owning(in.bytes(RecipientKeyPair.LENGTH)))));
        }
        in.end();
        return new BackedUpVault(incarnation, revision, settings, recipients);
    }
}
