package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.AccessAssignmentSpec;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.CustomRole;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.RoleDefinition;
import dev.kluis.vault.access.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What an AccessAssignment says. What is not understood allows nothing. */
final class DeclaredAssignment {

    /** Custom roles by namespace and name. */
    interface Roles extends BiFunction<String, String, Optional<CustomRole>> {}

    private DeclaredAssignment() {}

    static String idOf(AccessAssignment resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }

    /** @throws Problem for what is not legal, and for a role that is not there */
    static Assignment of(AccessAssignment resource, Roles roles) {
        var spec = resource.getSpec();
        String namespace = resource.getMetadata().getNamespace();
        return new Assignment(
                idOf(resource),
                new VaultId(namespace, spec.vaultRef.name),
                role(spec.role, namespace, roles),
                DeclaredSubjects.of(spec.subjects, namespace),
                scope(spec.scope),
                expires(spec.expires));
    }

    /** A built-in role first: no resource comes before it. */
    private static RoleDefinition role(String title, String namespace, Roles roles) {
        return Role.ofTitle(title)
                .<RoleDefinition>map(role -> role)
                .or(() -> roles.apply(namespace, title))
                .orElseThrow(() -> new Problem(
                        Reason.RoleNotFound,
                        "there is no role of this name, neither a built-in one nor a VaultRole that is in force in"
                                + " namespace '" + namespace + "': nothing is allowed until there is"));
    }

    private static Scope scope(AccessAssignmentSpec.@Nullable Scope scope) {
        if (scope == null) {
            return Scope.WHOLE_VAULT;
        }
        var collections = new HashMap<String, Scope.Names>();
        names(collections, "secrets", scope.secrets, scope.secretPrefixes);
        names(collections, "keys", scope.keys, scope.keyPrefixes);
        names(collections, "certificates", scope.certificates, scope.certificatePrefixes);
        if (collections.isEmpty()) {
            throw new Problem(
                    Reason.InvalidSpec, "scope names at least one object: leave scope out for the whole vault");
        }
        return new Scope.Objects(collections);
    }

    private static void names(
            Map<String, Scope.Names> collections,
            String collection,
            @Nullable List<String> names,
            @Nullable List<String> prefixes) {
        if (names != null || prefixes != null) {
            collections.put(
                    collection,
                    new Scope.Names(
                            names == null ? Set.of() : Set.copyOf(names),
                            prefixes == null ? Set.of() : Set.copyOf(prefixes)));
        }
    }

    private static Optional<Instant> expires(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(some -> OffsetDateTime.parse(some).toInstant());
        } catch (DateTimeException e) {
            throw new Problem(Reason.InvalidSpec, "expires is not a time of RFC 3339, such as 2027-01-31T12:00:00Z");
        }
    }
}
