package dev.kluis.vault.backup;

import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.access.Action;
import java.util.List;

/**
 * Begins a backup of a whole vault: answers what it holds of the vault itself. Its objects are read one by one by
 * {@link BackupOperations.ObjectExport}.
 */
public record VaultBackup(VaultId vault) implements VaultOperation<VaultBackup.Begun> {

    /** @param state with the key that signs */
    public record Begun(BackedUpVault vault, VaultState state) {}

    @Override
    public Action action() {
        return Action.VAULT_BACKUP;
    }

    @Override
    public Outcome<Begun> decide(Situation situation) {
        var existing = situation.existing(vault);
        if (!existing.active()) {
            throw new VaultException(Code.CONFLICT, "the vault " + vault + " is deleted: recover it first");
        }
        return new Outcome.Answer<>(new Begun(
                new BackedUpVault(
                        existing.header().incarnation(),
                        existing.header().revision(),
                        existing.settings(),
                        List.copyOf(existing.state().recipients().values())),
                existing.state()));
    }
}
