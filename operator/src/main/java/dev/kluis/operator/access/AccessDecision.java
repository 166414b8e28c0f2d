package dev.kluis.operator.access;

import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.access.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How an AccessAssignment stands; there is nothing to do for it, since the door reads assignments themselves. */
final class AccessDecision {

    private AccessDecision() {}

    static Step<Void> decide(AccessObserved observed, Instant now) {
        var expires = observed.declared().expires();
        if (expires.filter(end -> !now.isBefore(end)).isPresent()) {
            return settled(Reason.Expired, "expired at " + expires.get(), Optional.empty());
        }
        if (!observed.vaultActive()) {
            var vault = observed.declared().vault();
            return settled(
                    Reason.VaultNotFound,
                    "there is no vault '" + vault.name() + "' in namespace '" + vault.namespace()
                            + "': apply a Vault of this name",
                    Optional.empty());
        }
        if (observed.policiesDecide() && onlyDataActions(observed)) {
            return settled(
                    Reason.OtherPermissionModel,
                    "the permissionModel of vault '"
                            + observed.declared().vault().name()
                            + "' is AccessPolicy: its accessPolicies decide, and this waits until it is RBAC",
                    Optional.empty());
        }
        return settled(Reason.Available, "the assignment is in force", expires.map(end -> Duration.between(now, end)));
    }

    private static boolean onlyDataActions(AccessObserved observed) {
        return observed.declared().role().actions().stream().allMatch(action -> action.plane() == Action.Plane.DATA);
    }

    private static Step<Void> settled(Reason reason, String message, Optional<Duration> again) {
        return new Step.Settled<>(new Readiness(reason, message), again);
    }
}
