package dev.kluis.vault.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of an assignment was not used.
 *
 * @param actions that nobody did
 * @param subjects that did nothing
 * @param smaller a scope of the objects that were used, when it is smaller
 * @param proposal YAML of what would have been enough, or a comment with the command that deletes the assignment; absent
 *     where it is a policy's and where there is no smaller one
 */
public record UnusedAccess(
        Assignment assignment,
        Set<Action> actions,
        List<Subject> subjects,
        Optional<Scope> smaller,
        Optional<String> proposal) {

    /** The most names that a scope has. */
    private static final int NAMES = 256;

    boolean any() {
        return !actions.isEmpty() || !subjects.isEmpty() || smaller.isPresent();
    }

    static UnusedAccess of(Assignment assignment, List<Use> uses) {
        var untold = untold(assignment);
        var used = used(assignment, uses);
        used.addAll(untold);
        var unused = EnumSet.noneOf(Action.class);
        unused.addAll(assignment.reach());
        unused.removeAll(used);
        var callers = uses.stream().map(Use::caller).collect(Collectors.toSet());
        var idle = assignment.subjects().stream()
                .filter(subject -> !usedBy(subject, assignment.subjects(), callers))
                .toList();
        var smaller = untold.isEmpty() ? smaller(assignment.scope(), uses) : Optional.<Scope>empty();
        boolean nothing = uses.isEmpty() && untold.isEmpty();
        return new UnusedAccess(assignment, unused, idle, smaller, proposal(assignment, used, idle, smaller, nothing));
    }

    /** What is done through resources and questions, of which this audit does not tell: it counts as used. */
    private static Set<Action> untold(Assignment assignment) {
        var untold = EnumSet.of(Action.ASSIGNMENT_READ, Action.ASSIGNMENT_WRITE, Action.ASSIGNMENT_DELETE);
        untold.retainAll(assignment.reach());
        return untold;
    }

    /** What this version does not know may have been anything, so everything counts as used. */
    private static Set<Action> used(Assignment assignment, List<Use> uses) {
        var used = EnumSet.noneOf(Action.class);
        if (uses.stream().anyMatch(use -> use.action().isEmpty())) {
            used.addAll(assignment.reach());
        }
        uses.forEach(use -> use.action().ifPresent(used::add));
        return used;
    }

    private static boolean usedBy(Subject subject, List<Subject> subjects, Collection<String> callers) {
        return switch (subject) {
            case Subject.ServiceAccount account ->
                callers.contains("system:serviceaccount:" + account.namespace() + ":" + account.name());
            case Subject.User user -> callers.contains(user.name());
            // The audit does not say by which group: whoever is not named himself may have come by any of them.
            case Subject.Group group ->
                callers.stream()
                        .anyMatch(caller -> subjects.stream()
                                .filter(other -> !(other instanceof Subject.Group))
                                .noneMatch(other -> usedBy(other, subjects, Set.of(caller))));
        };
    }

    private static Optional<Scope> smaller(Scope scope, List<Use> uses) {
        Map<String, Set<String>> names = new HashMap<>();
        uses.stream()
                .filter(use -> Action.COLLECTIONS.contains(use.collection()))
                .forEach(use -> names.computeIfAbsent(use.collection(), any -> new HashSet<>())
                        .add(use.object()));
        int count = names.values().stream().mapToInt(Set::size).sum();
        // What is done to the vault itself needs the whole of it.
        boolean vaultItself = uses.stream()
                .anyMatch(use -> use.action().flatMap(Action::collection).isEmpty());
        if (count == 0 || count > NAMES || vaultItself) {
            return Optional.empty();
        }
        var used = new Scope.Objects(names.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> new Scope.Names(one.getValue(), Set.of()))));
        return Optional.<Scope>of(used).filter(one -> !one.equals(scope));
    }

    private static Optional<String> proposal(
            Assignment assignment, Set<Action> used, List<Subject> idle, Optional<Scope> smaller, boolean nothing) {
        if (assignment.role() instanceof PolicyPermissions) {
            return Optional.empty();
        }
        String name = assignment.id().substring(assignment.id().indexOf('/') + 1);
        if (nothing) {
            return Optional.of("# " + assignment.id() + " was not used at all: kubectl -n "
                    + assignment.vault().namespace() + " delete accessassignment " + name + "\n");
        }
        var subjects = assignment.subjects().stream()
                .filter(subject -> !idle.contains(subject))
                .toList();
        var role = leastRole(assignment, used);
        boolean same = smaller.isEmpty()
                && idle.isEmpty()
                && role.filter(assignment.role().title()::equals).isPresent();
        if (same || subjects.isEmpty()) {
            return Optional.empty();
        }
        String own = AccessYaml.resourceName(name + "-used");
        var enough = new Assignment(
                assignment.id(),
                assignment.vault(),
                assignment.role(),
                subjects,
                smaller.orElse(assignment.scope()),
                assignment.expires());
        return Optional.of(
                (role.isPresent() ? "" : AccessYaml.role(assignment.vault().namespace(), own, used))
                        + AccessYaml.assignment(enough, name, role.orElse(own)));
    }

    /** The title of the role that is enough and not more than the assignment's; absent when one has to be made. */
    private static Optional<String> leastRole(Assignment assignment, Set<Action> used) {
        boolean onlyData = used.stream().allMatch(action -> action.plane() == Action.Plane.DATA);
        if (!onlyData || used.containsAll(assignment.reach())) {
            return Optional.of(assignment.role().title());
        }
        return Role.leastFor(used)
                .filter(role -> assignment.role().actions().containsAll(role.actions()))
                .filter(role ->
                        role.actions().stream().allMatch(action -> used.contains(action) || action.readsMetadata()))
                .map(Role::title);
    }
}
