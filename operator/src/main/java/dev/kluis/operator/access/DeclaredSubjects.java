package dev.kluis.operator.access;

import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.vault.access.Subject;
import java.util.List;

/** Whom a resource gives access to. */
final class DeclaredSubjects {

    private DeclaredSubjects() {}

    /** @param namespace of a ServiceAccount that names none */
    static List<Subject> of(List<dev.kluis.crds.v1alpha1.Subject> declared, String namespace) {
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
}
