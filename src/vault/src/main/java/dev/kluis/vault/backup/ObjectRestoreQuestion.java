package dev.kluis.vault.backup;

import dev.kluis.vault.ListOperation;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.ObjectActions;

/**
 * Asks whether the caller may restore any object of a kind in a vault: before a blob is there, which is long and says which
 * one. Whether it may be that one, the restore itself decides.
 */
public record ObjectRestoreQuestion(VaultId vault, ObjectKind kind) implements ListOperation<Boolean> {

    @Override
    public String name() {
        return kind.word() + "RestoreQuestion";
    }

    @Override
    public Action action() {
        return ObjectActions.of(kind).restore();
    }

    @Override
    public Boolean decide(Visible objects) {
        return true;
    }
}
