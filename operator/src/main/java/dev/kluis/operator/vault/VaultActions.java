package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultPut;
import java.util.List;
import java.util.function.Function;

/** Reads and does what a Vault needs of the engine. */
public final class VaultActions {

    private final dev.kluis.vault.Vault vault;
    private final Function<VaultId, List<String>> dependents;

    /** @param dependents tells what depends on a vault from outside of it, as kind/namespace/name */
    public VaultActions(dev.kluis.vault.Vault vault, Function<VaultId, List<String>> dependents) {
        this.vault = vault;
        this.dependents = dependents;
    }

    VaultObserved observe(Vault resource, VaultId id) {
        var declared = DeclaredVault.settings(resource.getSpec());
        var found = vault.execute(caller(resource), new VaultGet(id));
        int secrets = 0;
        int deleted = 0;
        for (var one : vault.summaries(id).toList()) {
            if (one.id().kind() == ObjectKind.SECRET) {
                boolean there = one.lifecycle() instanceof Lifecycle.Active;
                secrets += there ? 1 : 0;
                deleted += there ? 0 : 1;
            }
        }
        return new VaultObserved(declared, found, secrets, deleted, dependents.apply(id));
    }

    void put(Vault resource, VaultId id, VaultDecision.Put action) {
        vault.execute(caller(resource), new VaultPut(id, action.settings()));
    }

    private static Caller caller(Vault resource) {
        var meta = resource.getMetadata();
        return new Caller.Resource(Disposal.vaultOwner(meta.getNamespace(), meta.getName()), meta.getUid());
    }
}
