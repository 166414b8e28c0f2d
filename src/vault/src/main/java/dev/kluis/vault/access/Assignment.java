package dev.kluis.vault.access;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A role, given to subjects on a vault or on objects of it.
 *
 * @param id of the assignment, namespace/name of its resource: named in decisions
 * @param expires the first instant at which it no longer holds
 */
public record Assignment(
        String id, VaultId vault, RoleDefinition role, List<Subject> subjects, Scope scope, Optional<Instant> expires) {

    public Assignment {
        subjects = List.copyOf(subjects);
    }

    /** Whether it allows it to its subjects. */
    boolean allows(Action action, ObjectId object, Instant now) {
        return role.allows(action) && vault.equals(object.vault()) && scope.covers(object) && inForce(now);
    }

    boolean inForce(Instant now) {
        return expires.map(now::isBefore).orElse(true);
    }

    /** What it allows on some object or other; an action that nothing in its scope can suffer is none. */
    Set<Action> reach() {
        return role.actions().stream().filter(scope::reaches).collect(Collectors.toUnmodifiableSet());
    }
}
