package dev.kluis.operator.kind;

import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.Vault;
import dev.kluis.vault.Vault.Summary;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the objects of resources that are gone: a soft delete, unless the resource said Keep. There are no
 * finalizers; a deletion is told by the watch, and what was missed is found by comparing owners with resources.
 */
public final class Disposal {

    /** The kinds in owners. */
    public static final String SECRET_RESOURCE = "VaultSecret";

    public static final String KEY_RESOURCE = "VaultKey";

    private static final Logger LOG = LoggerFactory.getLogger(Disposal.class);

    private final Vault vault;
    private final KubernetesClient client;

    public Disposal(Vault vault, KubernetesClient client) {
        this.vault = vault;
        this.client = client;
    }

    /** The resource that declares a vault. */
    public static Owner vaultOwner(String namespace, String name) {
        return new Owner(Authorization.VAULT_RESOURCE, namespace, name);
    }

    /** A resource is said to be gone. */
    public void gone(ObjectId id, Owner owner, String uid) {
        vault.summary(id)
                .filter(one -> ownerOf(one).filter(owner::equals).isPresent())
                .ifPresent(one -> dispose(one, owner, uid));
    }

    /** Finds the objects whose resources are gone. */
    public void sweep(Predicate<Owner> known) {
        for (var one : vault.summaries()) {
            ownerOf(one).filter(owner -> !known.test(owner)).ifPresent(owner -> dispose(one, owner, ""));
        }
    }

    private static Optional<Owner> ownerOf(Summary one) {
        return one.id().kind() == ObjectKind.VAULT
                ? Optional.of(vaultOwner(
                        one.id().vault().namespace(), one.id().vault().name()))
                : one.ownership().map(Ownership::owner);
    }

    private void dispose(Summary one, Owner owner, String uid) {
        boolean keep = one.ownership().filter(Ownership::keep).isPresent();
        if (keep || !(one.lifecycle() instanceof Lifecycle.Active) || !vaultActive(one) || there(owner)) {
            return;
        }
        Operation<?> delete =
                one.id().kind() == ObjectKind.VAULT ? new VaultDelete(one.id().vault()) : new ObjectDelete(one.id());
        try {
            vault.execute(new Caller.Resource(owner, uid), delete);
        } catch (VaultException e) {
            LOG.warn("{} could not be deleted after its resource: {}", one.id(), e.code());
        }
    }

    private boolean vaultActive(Summary one) {
        return vault.summary(ObjectId.vault(one.id().vault()))
                .filter(summary -> summary.lifecycle() instanceof Lifecycle.Active)
                .isPresent();
    }

    /** Asks the API server itself: a cache that is behind must not delete anything. */
    private boolean there(Owner owner) {
        return switch (owner.kind()) {
            case SECRET_RESOURCE -> there(owner, VaultSecret.class);
            case KEY_RESOURCE -> there(owner, VaultKey.class);
            case Authorization.VAULT_RESOURCE -> there(owner, dev.kluis.crds.v1alpha1.Vault.class);
            // Of a kind that only a newer operator knows.
            default -> true;
        };
    }

    private boolean there(Owner owner, Class<? extends CustomResource<?, ?>> type) {
        return client.resources(type)
                        .inNamespace(owner.namespace())
                        .withName(owner.name())
                        .get()
                != null;
    }
}
