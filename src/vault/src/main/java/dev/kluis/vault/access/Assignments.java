package dev.kluis.vault.access;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The assignments in force. What a decision costs does not depend on how many there are. Nothing is allowed that no
 * assignment allows.
 *
 * <p>In a vault with access policies these decide on data actions, each as an assignment of its own, and what was
 * assigned to roles waits; what is done to the vault itself is assigned in either case.
 */
public final class Assignments {

    private final Grants assigned = new Grants();
    private final Map<VaultId, Grants> policies = new ConcurrentHashMap<>();

    /** Adds an assignment, or puts it in the place of the one with its id. */
    public synchronized void put(Assignment assignment) {
        assigned.put(assignment);
    }

    public synchronized void remove(String id) {
        assigned.remove(id);
    }

    /** Lets access policies decide in a vault, all of them at once; none allow nothing. */
    public synchronized void usePolicies(VaultId vault, List<Assignment> some) {
        var grants = new Grants();
        some.forEach(grants::put);
        policies.put(vault, grants);
    }

    /** Lets assignments decide in a vault. */
    public synchronized void useRoles(VaultId vault) {
        policies.remove(vault);
    }

    public boolean usesPolicies(VaultId vault) {
        return policies.containsKey(vault);
    }

    /** The assignment that allows it, if one does. */
    public Optional<Assignment> allowing(Caller caller, Action action, ObjectId object, Instant now) {
        return deciding(action, object.vault()).allowing(Subject.of(caller), action, object, now);
    }

    /** An assignment that allows it on the vault or on any object of it, if one does. */
    public Optional<Assignment> anywhere(Caller caller, Action action, VaultId vault, Instant now) {
        return deciding(action, vault).anywhere(Subject.of(caller), action, vault, now);
    }

    /** Those that decide on an action in a vault, sorted by id. */
    public synchronized List<Assignment> of(VaultId vault, Action action) {
        return deciding(action, vault).of(vault).toList();
    }

    /** All that was assigned to roles in a vault, whether it decides or waits, sorted by id. */
    public synchronized List<Assignment> assigned(VaultId vault) {
        return assigned.of(vault).toList();
    }

    /** Those that name ServiceAccounts outside of the vault's namespace, for what depends on a vault. */
    public synchronized List<Assignment> reachingOutOf(VaultId vault) {
        return assigned.of(vault)
                .filter(assignment -> assignment.subjects().stream()
                        .anyMatch(subject -> subject instanceof Subject.ServiceAccount(String namespace, String name)
                                && !namespace.equals(vault.namespace())))
                .toList();
    }

    private Grants deciding(Action action, VaultId vault) {
        return action.plane() == Action.Plane.CONTROL ? assigned : policies.getOrDefault(vault, assigned);
    }
}
