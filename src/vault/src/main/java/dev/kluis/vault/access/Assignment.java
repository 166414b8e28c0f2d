package dev.kluis.vault.access;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A role, given to subjects on a vault or on named secrets of it.
 *
 * @param id of the assignment, namespace/name of its resource: named in decisions
 * @param secrets lower-case names; empty is the whole vault
 * @param expires the first instant at which it no longer holds
 */
public record Assignment(
        String id, VaultId vault, Role role, List<Subject> subjects, Set<String> secrets, Optional<Instant> expires) {

    public Assignment {
        subjects = List.copyOf(subjects);
        secrets = Set.copyOf(secrets);
    }

    boolean allows(Action action, ObjectId object, Instant now) {
        return allows(action, now) && (secrets.isEmpty() || secrets.contains(object.name()));
    }

    /** Whether it allows it on anything. */
    boolean allows(Action action, Instant now) {
        return role.allows(action) && expires.map(now::isBefore).orElse(true);
    }
}
