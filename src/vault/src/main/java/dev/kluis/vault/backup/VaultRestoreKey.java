package dev.kluis.vault.backup;

import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;

/** Asks for a key to seal a backup file to, which is then restored; says whether the vault is there for it. */
public record VaultRestoreKey(VaultId vault) implements VaultOperation<Boolean> {

    @Override
    public Action action() {
        return Action.VAULT_RESTORE;
    }

    @Override
    public Outcome<Boolean> decide(Situation situation) {
        return new Outcome.Answer<>(situation.existing(vault).active());
    }
}
