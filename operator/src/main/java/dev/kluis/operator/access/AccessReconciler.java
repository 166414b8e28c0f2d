package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.AccessAssignmentStatus;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Role;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Tells how AccessAssignments stand. They take effect through {@link AssignmentFeed}. */
public final class AccessReconciler
        extends KindReconciler<AccessAssignment, AccessAssignmentStatus, AccessObserved, Void>
        implements Reconciler<AccessAssignment> {

    private final Vault vault;
    private final Assignments assignments;
    private final DeclaredAssignment.Roles roles;

    public AccessReconciler(Vault vault, Assignments assignments, AssignmentFeed feed, InstantSource clock) {
        super(AccessAssignment::new, clock);
        this.vault = vault;
        this.assignments = assignments;
        this.roles = feed::role;
        feed.onAffected(this::nudge);
    }

    @Override
    protected AccessObserved gather(AccessAssignment resource) {
        var declared = DeclaredAssignment.of(resource, roles);
        boolean active = vault.summary(ObjectId.vault(declared.vault()))
                .filter(summary -> summary.lifecycle() instanceof Lifecycle.Active)
                .isPresent();
        return new AccessObserved(declared, active, assignments.usesPolicies(declared.vault()));
    }

    @Override
    protected Step<Void> decide(AccessObserved observed, Instant now) {
        return AccessDecision.decide(observed, now);
    }

    @Override
    protected void act(AccessAssignment resource, Void nothing) {}

    @Override
    protected AccessAssignmentStatus status(AccessAssignment resource, Optional<AccessObserved> observed) {
        var status = new AccessAssignmentStatus();
        status.roleId = observed.map(seen -> seen.declared().role())
                .filter(Role.class::isInstance)
                .map(role -> ((Role) role).id())
                .orElse(null);
        return status;
    }

    @Override
    protected void deleted(AccessAssignment resource) {}
}
