package dev.kluis.vault.backup;

import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Begins the restore of a whole vault: refuses a file that is expired, that nobody trusted signed, or that promises more
 * than the vault keeps; takes the keys in that values were sealed to. The objects follow one by one by
 * {@link ObjectImport}.
 *
 * @param vault the vault to restore to, which is there
 * @param signer whose files are trusted besides those of the vault itself
 */
public record VaultRestore(VaultId vault, BackupHeader file, BackedUpVault contents, Optional<VerifyingKey> signer)
        implements VaultOperation<Boolean> {

    @Override
    public Action action() {
        return Action.VAULT_RESTORE;
    }

    @Override
    public Outcome<Boolean> decide(Situation situation) {
        var existing = situation.existing(vault);
        if (!existing.active()) {
            throw new VaultException(Code.CONFLICT, "the vault " + vault + " is deleted: recover it first");
        }
        requireTrusted(existing);
        if (!situation.moment().latest().isBefore(file.expires())) {
            throw new VaultException(Code.BAD_PARAMETER, "the backup expired at " + file.expires());
        }
        requireNoLess(existing);
        var adopted = contents.recipients().stream()
                .filter(one ->
                        existing.state().recipient(one.keys().publicKey().id()).isEmpty())
                .toList();
        return adopted.isEmpty()
                ? new Outcome.Answer<>(false)
                : new Outcome.Put<>(existing.settings(), existing.lifecycle(), adopted, true);
    }

    private void requireTrusted(Existing existing) {
        var own = BackupHeader.signingKey(existing.state()).verifyingKey();
        if (!file.signer().equals(own) && signer.filter(file.signer()::equals).isEmpty()) {
            throw new VaultException(
                    Code.BAD_PARAMETER,
                    "the backup is signed by " + file.signer().hex() + ", which is not this vault's key: name it as the"
                            + " signer if it is the one that the status of the Vault showed where it was made");
        }
    }

    /** What the vault of the backup promised about deleted objects, this one must promise too. */
    private void requireNoLess(Existing existing) {
        int days = contents.settings().retentionDays();
        if (existing.settings().retentionDays() < days) {
            throw new VaultException(
                    Code.CONFLICT,
                    "the backup is of a vault with a retention of P" + days + "D, and this one has P"
                            + existing.settings().retentionDays() + "D: restore to one with at least as much");
        }
        if (contents.settings().purgeProtection() && !existing.settings().purgeProtection()) {
            throw new VaultException(
                    Code.CONFLICT,
                    "the backup is of a vault with purge protection, and this one has none: turn it on first");
        }
    }
}
