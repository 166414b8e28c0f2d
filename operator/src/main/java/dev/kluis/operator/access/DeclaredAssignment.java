package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.AccessAssignmentSpec;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Subject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an AccessAssignment says. What is not understood allows nothing. */
final class DeclaredAssignment {

    private DeclaredAssignment() {}

    static String idOf(AccessAssignment resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }

    /** @throws Problem for what is not legal */
    static Assignment of(AccessAssignment resource) {
        var spec = resource.getSpec();
        String namespace = resource.getMetadata().getNamespace();
        var role = Role.ofTitle(spec.role)
                .orElseThrow(() -> new Problem(Reason.InvalidSpec, "there is no role '" + spec.role + "'"));
        return new Assignment(
                idOf(resource),
                new VaultId(namespace, spec.vaultRef.name),
                role,
                subjects(spec.subjects, namespace),
                secrets(spec.scope),
                expires(spec.expires));
    }

    private static List<Subject> subjects(List<AccessAssignmentSpec.Subject> declared, String namespace) {
        return declared.stream()
                .<Subject>map(subject -> switch (subject.kind) {
                    case "ServiceAccount" ->
                        new Subject.ServiceAccount(
                                subject.namespace == null ? namespace : subject.namespace, subject.name);
                    case "User" -> new Subject.User(subject.name);
                    case "Group" -> new Subject.Group(subject.name);
                    default -> throw new Problem(Reason.InvalidSpec, "kind is ServiceAccount, Group or User");
                })
                .toList();
    }

    /** An empty set is the whole vault to the engine, so a scope that is there and empty must not get that far. */
    private static Set<String> secrets(AccessAssignmentSpec.@Nullable Scope scope) {
        if (scope == null) {
            return Set.of();
        }
        if (scope.secrets == null || scope.secrets.isEmpty()) {
            throw new Problem(
                    Reason.InvalidSpec, "scope names at least one secret: leave scope out for the whole vault");
        }
        return scope.secrets.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
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
