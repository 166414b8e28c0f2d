package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.operator.kind.Problem;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.access.Assignments;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the door's assignments as the AccessAssignment resources are, on every replica, leader or not. What is not legal
 * allows nothing.
 */
public final class AssignmentFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentFeed.class);

    private final Assignments assignments;
    private final SharedIndexInformer<AccessAssignment> informer;

    public AssignmentFeed(KubernetesClient client, Assignments assignments) {
        this.assignments = assignments;
        this.informer = client.resources(AccessAssignment.class)
                .inAnyNamespace()
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> true)
                .addEventHandler(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(AccessAssignment resource) {
                        take(resource);
                    }

                    @Override
                    public void onUpdate(AccessAssignment before, AccessAssignment resource) {
                        take(resource);
                    }

                    @Override
                    public void onDelete(AccessAssignment resource, boolean finalStateUnknown) {
                        assignments.remove(DeclaredAssignment.idOf(resource));
                    }
                });
        informer.start();
    }

    /** Whether all that was there at the start has been read. */
    public boolean ready() {
        return informer.hasSynced();
    }

    private void take(AccessAssignment resource) {
        try {
            assignments.put(DeclaredAssignment.of(resource));
        } catch (Problem | InvalidNameException e) {
            assignments.remove(DeclaredAssignment.idOf(resource));
            LOG.warn("The AccessAssignment {} allows nothing: it is not legal", DeclaredAssignment.idOf(resource));
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
