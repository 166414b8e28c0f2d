package dev.kluis.vault.audit;

import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;

/**
 * Asks whether the caller may see who did what in a vault: who may see who is allowed to. The lines themselves are not in
 * the vault.
 */
public record AuditRead(VaultId vault) implements VaultOperation<Boolean> {

    @Override
    public Action action() {
        return Action.ASSIGNMENT_READ;
    }

    @Override
    public Outcome<Boolean> decide(Situation situation) {
        return new Outcome.Answer<>(true);
    }
}
