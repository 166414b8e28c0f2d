package dev.kluis.operator;

import dev.kluis.operator.node.Mounts;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignments;
import java.util.List;
import java.util.stream.Stream;

/** What depends on a vault from outside of it: assignments that reach into other namespaces, and pods that mount. */
final class Dependents {

    private final Assignments assignments;
    private final Mounts mounts;

    Dependents(Assignments assignments, Mounts mounts) {
        this.assignments = assignments;
        this.mounts = mounts;
    }

    /** As kind/namespace/name, in a steady order. */
    List<String> of(VaultId vault) {
        return Stream.concat(
                        assignments.reachingOutOf(vault).stream()
                                .map(assignment -> "AccessAssignment/" + assignment.id()),
                        mounts.of(vault).stream().map(pod -> "Pod/" + pod.namespace() + "/" + pod.name()))
                .sorted()
                .toList();
    }
}
