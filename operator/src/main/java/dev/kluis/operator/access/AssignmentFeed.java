package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.operator.kind.LeanItemStore;
import dev.kluis.operator.kind.Problem;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.CustomRole;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the door's assignments as the resources are, on every replica, leader or not: AccessAssignments with the VaultRoles
 * that they name, and the access policies of Vaults. What is not legal allows nothing.
 *
 * <p>Each kind is watched by itself. An event says only which resource to look at again; what is looked at is what the
 * watches know by then, under one lock, so that the order in which two kinds' events come makes no difference.
 */
public final class AssignmentFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentFeed.class);
    private static final String BY_ROLE = "role";

    private final Assignments assignments;
    private final SharedIndexInformer<AccessAssignment> assigned;
    private final SharedIndexInformer<VaultRole> roles;
    private final SharedIndexInformer<Vault> vaults;
    private volatile Consumer<Predicate<AccessAssignment>> affected = which -> {};
    private boolean complete;

    public AssignmentFeed(KubernetesClient client, Assignments assignments) {
        this.assignments = assignments;
        assigned = informer(client, AccessAssignment.class);
        assigned.addIndexers(Map.of(
                BY_ROLE, resource -> List.of(key(resource.getMetadata().getNamespace(), resource.getSpec().role))));
        roles = informer(client, VaultRole.class);
        vaults = informer(client, Vault.class);
        assigned.addEventHandler(each(this::assignment));
        roles.addEventHandler(each(this::role));
        vaults.addEventHandler(each(this::policies));
        roles.start();
        vaults.start();
        assigned.start();
    }

    private static <R extends HasMetadata> SharedIndexInformer<R> informer(KubernetesClient client, Class<R> type) {
        return client.resources(type)
                .inAnyNamespace()
                .runnableInformer(0)
                .itemStore(new LeanItemStore<>())
                .exceptionHandler((started, failure) -> true);
    }

    private static <R> ResourceEventHandler<R> each(Consumer<R> look) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(R resource) {
                look.accept(resource);
            }

            @Override
            public void onUpdate(R before, R resource) {
                look.accept(resource);
            }

            @Override
            public void onDelete(R resource, boolean finalStateUnknown) {
                look.accept(resource);
            }
        };
    }

    /** Tells for which assignments something else changed: their role, or what decides in their vault. */
    void onAffected(Consumer<Predicate<AccessAssignment>> listener) {
        affected = listener;
    }

    /** Whether all that was there at the start is in force. */
    public synchronized boolean ready() {
        if (!complete && assigned.hasSynced() && roles.hasSynced() && vaults.hasSynced()) {
            // A watch has all before its events have come; what waits for a policy must not be in force until then.
            vaults.getIndexer().list().forEach(this::policies);
            assigned.getIndexer().list().forEach(this::lookAgain);
            complete = true;
        }
        return complete;
    }

    /** The role that a VaultRole declares, when there is one and it is legal. */
    Optional<CustomRole> role(String namespace, String name) {
        var resource = roles.getIndexer().getByKey(Cache.namespaceKeyFunc(namespace, name));
        try {
            return Optional.ofNullable(resource).map(DeclaredRole::of);
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private void assignment(AccessAssignment event) {
        lookAgain(event);
    }

    private synchronized void role(VaultRole event) {
        var meta = event.getMetadata();
        assigned.getIndexer()
                .byIndex(BY_ROLE, key(meta.getNamespace(), meta.getName()))
                .forEach(this::lookAgain);
        affected.accept(assignment -> isIn(assignment, meta.getNamespace())
                && assignment.getSpec().role.equals(meta.getName()));
    }

    private synchronized void lookAgain(AccessAssignment which) {
        String id = DeclaredAssignment.idOf(which);
        var resource = assigned.getIndexer().getByKey(id);
        if (resource == null) {
            assignments.remove(id);
            return;
        }
        try {
            assignments.put(DeclaredAssignment.of(resource, this::role));
        } catch (Problem | InvalidNameException e) {
            assignments.remove(id);
            LOG.warn("The AccessAssignment {} allows nothing; its status says why", id);
        }
    }

    private synchronized void policies(Vault event) {
        var meta = event.getMetadata();
        var resource = vaults.getIndexer().getByKey(Cache.namespaceKeyFunc(meta.getNamespace(), meta.getName()));
        try {
            var vault = new VaultId(meta.getNamespace(), meta.getName());
            if (resource == null) {
                // The vault is being deleted: assignments that waited do not come into force meanwhile.
                if (assignments.usesPolicies(vault)) {
                    assignments.usePolicies(vault, List.of());
                }
            } else if (DeclaredPolicies.decideIn(resource)) {
                assignments.usePolicies(vault, DeclaredPolicies.of(resource));
            } else {
                assignments.useRoles(vault);
            }
            affected.accept(assignment -> isIn(assignment, meta.getNamespace())
                    && assignment.getSpec().vaultRef.name.equals(meta.getName()));
        } catch (InvalidNameException e) {
            LOG.warn("The Vault {}/{} has no legal name", meta.getNamespace(), meta.getName());
        }
    }

    private static boolean isIn(AccessAssignment assignment, String namespace) {
        return assignment.getMetadata().getNamespace().equals(namespace);
    }

    private static String key(String namespace, String role) {
        return namespace + "/" + role;
    }

    @Override
    public void close() {
        assigned.close();
        roles.close();
        vaults.close();
    }
}
