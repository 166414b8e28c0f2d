package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.crds.v1alpha1.VaultRoleStatus;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.CustomRole;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Tells how VaultRoles stand: legal or not. They take effect through {@link AssignmentFeed}. */
public final class RoleReconciler extends KindReconciler<VaultRole, VaultRoleStatus, CustomRole, Void>
        implements Reconciler<VaultRole> {

    public RoleReconciler(InstantSource clock) {
        super(VaultRole::new, clock);
    }

    @Override
    protected CustomRole gather(VaultRole resource) {
        return DeclaredRole.of(resource);
    }

    @Override
    protected Step<Void> decide(CustomRole role, Instant now) {
        return new Step.Settled<>(new Readiness(Reason.Available, "the role can be assigned"), Optional.empty());
    }

    @Override
    protected void act(VaultRole resource, Void nothing) {}

    @Override
    protected VaultRoleStatus status(VaultRole resource, Optional<CustomRole> observed) {
        var status = new VaultRoleStatus();
        observed.ifPresent(role -> status.dataActions =
                role.actions().stream().map(Action::id).sorted().toList());
        return status;
    }

    @Override
    protected void deleted(VaultRole resource) {}
}
