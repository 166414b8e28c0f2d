package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultStatus;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.Step;
import dev.kluis.operator.vault.VaultDecision.Action;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Makes vaults what Vault resources say. */
public final class VaultReconciler extends KindReconciler<Vault, VaultStatus, VaultObserved, Action>
        implements Reconciler<Vault> {

    private final VaultActions actions;
    private final Disposal disposal;

    public VaultReconciler(VaultActions actions, Disposal disposal, InstantSource clock) {
        super(Vault::new, clock);
        this.actions = actions;
        this.disposal = disposal;
    }

    static VaultId idOf(Vault resource) {
        return new VaultId(
                resource.getMetadata().getNamespace(), resource.getMetadata().getName());
    }

    @Override
    protected VaultObserved gather(Vault resource) {
        return actions.observe(resource, idOf(resource));
    }

    @Override
    protected Step<Action> decide(VaultObserved observed, Instant now) {
        return VaultDecision.decide(observed);
    }

    @Override
    protected void act(Vault resource, Action action) {
        actions.act(resource, idOf(resource), action);
    }

    @Override
    protected VaultStatus status(Vault resource, Optional<VaultObserved> observed) {
        var before = resource.getStatus();
        return VaultStatuses.of(idOf(resource), resource.getSpec(), before == null ? null : before.backup, observed);
    }

    @Override
    protected void deleted(Vault resource) {
        var id = idOf(resource);
        actions.gone(id);
        disposal.gone(
                ObjectId.vault(id),
                Disposal.vaultOwner(id.namespace(), id.name()),
                resource.getMetadata().getUid());
    }
}
