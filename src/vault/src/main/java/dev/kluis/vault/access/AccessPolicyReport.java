package dev.kluis.vault.access;

import dev.kluis.vault.VaultId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The assignments that would replace a vault's access policies. A built-in role is proposed when all that it allows beyond
 * the policy is to see metadata; otherwise a role of the vault's own with exactly the policy's permissions, and the least
 * built-in one is named with what it would add.
 *
 * @param replacements in the order of the policies
 * @param waiting assignments that are there already and come into force with {@code permissionModel: RBAC}
 */
public record AccessPolicyReport(List<Replacement> replacements, List<Assignment> waiting) {

    /**
     * For one policy's permissions on one collection, or all of them where one role is enough.
     *
     * @param role its title
     * @param gained what its subjects may do besides
     * @param lost what they may no longer do
     * @param yaml the AccessAssignment, after the VaultRole where there is one
     */
    public record Replacement(
            String policy, String role, Set<Action> gained, Set<Action> lost, Optional<Role> nearest, String yaml) {}

    /** @param policies in their order, as assignments */
    static AccessPolicyReport of(VaultId vault, List<Assignment> policies, List<Assignment> waiting) {
        var replacements = new ArrayList<Replacement>();
        for (int i = 0; i < policies.size(); i++) {
            replacements.addAll(replace(policies.get(i), "policy-" + (i + 1)));
        }
        return new AccessPolicyReport(List.copyOf(replacements), waiting);
    }

    private static List<Replacement> replace(Assignment policy, String name) {
        var actions = policy.role().actions();
        if (actions.isEmpty()) {
            return List.of();
        }
        var whole = Role.leastFor(actions).filter(role -> fits(role, actions));
        if (whole.isPresent()) {
            return List.of(by(policy, name, whole.get(), actions));
        }
        Map<String, Set<Action>> collections = new TreeMap<>();
        // What belongs to no object's collection is about certificates: authorities and contacts.
        actions.forEach(action -> collections
                .computeIfAbsent(action.collection().orElse("certificates"), any -> EnumSet.noneOf(Action.class))
                .add(action));
        return collections.entrySet().stream()
                .map(one -> replace(policy, name + "-" + one.getKey(), one.getValue()))
                .toList();
    }

    private static Replacement replace(Assignment policy, String name, Set<Action> actions) {
        return Role.leastFor(actions)
                .filter(role -> fits(role, actions))
                .map(role -> by(policy, name, role, actions))
                .orElseGet(() -> byOwnRole(policy, name, actions));
    }

    private static boolean fits(Role role, Set<Action> actions) {
        return role.actions().stream()
                .allMatch(action -> actions.contains(action)
                        || (action.readsMetadata() && action.plane() == Action.Plane.DATA)
                        || role == Role.READER);
    }

    private static Replacement by(Assignment policy, String name, Role role, Set<Action> actions) {
        return new Replacement(
                policy.id(),
                role.title(),
                minus(role.actions(), actions),
                minus(actions, role.actions()),
                Optional.of(role),
                AccessYaml.assignment(policy, name, role.title()));
    }

    private static Replacement byOwnRole(Assignment policy, String name, Set<Action> actions) {
        return new Replacement(
                policy.id(),
                name,
                Set.of(),
                Set.of(),
                Role.leastFor(actions),
                AccessYaml.role(policy.vault().namespace(), name, actions) + AccessYaml.assignment(policy, name, name));
    }

    private static Set<Action> minus(Set<Action> some, Set<Action> others) {
        var rest = EnumSet.noneOf(Action.class);
        rest.addAll(some);
        rest.removeAll(others);
        return rest;
    }

    /** All of it as YAML to apply, with what changes in comments. */
    public String yaml() {
        var yaml = new StringBuilder();
        for (var one : replacements) {
            yaml.append("# in place of ").append(one.policy()).append('\n');
            comment(yaml, "gained", one.gained());
            comment(yaml, "lost", one.lost());
            one.nearest()
                    .filter(role -> !role.title().equals(one.role()))
                    .ifPresent(role -> yaml.append("# '")
                            .append(role.title())
                            .append("' is the least built-in role for it, and would allow much more\n"));
            yaml.append(one.yaml());
        }
        waiting.forEach(assignment -> yaml.append("# ")
                .append(assignment.id())
                .append(" ('")
                .append(assignment.role().title())
                .append("') is there already and comes into force with permissionModel: RBAC\n"));
        return yaml.toString();
    }

    private static void comment(StringBuilder yaml, String what, Set<Action> actions) {
        if (!actions.isEmpty()) {
            yaml.append("# ")
                    .append(what)
                    .append(": ")
                    .append(actions.stream().map(Action::id).collect(Collectors.joining(", ")))
                    .append('\n');
        }
    }
}
