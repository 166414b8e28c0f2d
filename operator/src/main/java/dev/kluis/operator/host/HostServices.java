package dev.kluis.operator.host;

import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Services of type ExternalName in the namespace {@value #NAMESPACE}, one for each vault that there is, deleted ones
 * too, and {@value #LOGIN}: by them {@code VAULT.vault.svc.cluster.local} is the API's address, and no DNS has to be
 * changed. They tell nothing of a vault but its name. A Service that Kluis did not make is never changed.
 */
public final class HostServices implements AutoCloseable {

    /** Its name is part of the hosts. */
    public static final String NAMESPACE = "vault";
    /** The host of the token endpoint; no vault has this name. */
    public static final String LOGIN = "login";

    private static final Logger LOG = LoggerFactory.getLogger(HostServices.class);
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/managed-by", "kluis-operator", "kluis.dev/host", "true");
    private static final String EXTERNAL_NAME = "ExternalName";

    private final KubernetesClient client;
    private final String target;
    private final SharedIndexInformer<Service> services;
    private volatile Consumer<String> changed = name -> {};

    /** @param target the DNS name of the API's own Service */
    public HostServices(KubernetesClient client, String target) {
        this.client = client;
        this.target = target;
        services = client.services()
                .inNamespace(NAMESPACE)
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> true);
        services.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Service service) {
                // Kluis's own, or one that was there before.
            }

            @Override
            public void onUpdate(Service before, Service service) {
                changed.accept(service.getMetadata().getName());
            }

            @Override
            public void onDelete(Service service, boolean finalStateUnknown) {
                changed.accept(service.getMetadata().getName());
            }
        });
        services.start();
    }

    /** Tells the name of the vault whose Service was changed or taken away. */
    public void onChange(Consumer<String> listener) {
        changed = listener;
    }

    /** How the host of a vault of this name stands; what is not as it should be is asked of the API server itself. */
    public HostState state(String name) {
        if (serves(services.getIndexer().getByKey(Cache.namespaceKeyFunc(NAMESPACE, name)))) {
            return HostState.THERE;
        }
        try {
            var service = get(name);
            if (serves(service)) {
                return HostState.THERE;
            }
            return service == null || ours(service) ? HostState.MISSING : HostState.TAKEN;
        } catch (KubernetesClientException e) {
            LOG.warn("The Service {}/{} cannot be read now: {}", NAMESPACE, name, e.getMessage());
            return HostState.UNKNOWN;
        }
    }

    /**
     * Makes or mends the Service of a vault of this name.
     *
     * @throws Problem when it cannot be made
     */
    public void put(String name) {
        try {
            var there = get(name);
            if (there == null) {
                client.resource(service(name)).create();
            } else if (ours(there)) {
                client.resource(service(name))
                        .forceConflicts()
                        .fieldManager("kluis-operator")
                        .serverSideApply();
            }
        } catch (KubernetesClientException e) {
            throw new Problem(
                    Reason.HostUnavailable,
                    "the Service " + NAMESPACE + "/" + name + " could not be made (the API server said " + e.getCode()
                            + "): is there a namespace '" + NAMESPACE + "', and may Kluis make Services in it?");
        }
    }

    /** Has a Service for each of these vaults and for the token endpoint, and no other one of Kluis's. */
    public void align(Collection<String> vaults) {
        var wanted = new TreeSet<>(vaults);
        wanted.add(LOGIN);
        for (String name : wanted) {
            switch (state(name)) {
                case MISSING -> put(name);
                case TAKEN -> LOG.warn("The Service {}/{} is not Kluis's: that host is not served", NAMESPACE, name);
                case THERE, ELSEWHERE, UNKNOWN -> {}
            }
        }
        for (var service : services.getIndexer().list()) {
            if (ours(service) && !wanted.contains(service.getMetadata().getName())) {
                client.resource(service).delete();
            }
        }
    }

    private @Nullable Service get(String name) {
        return client.services().inNamespace(NAMESPACE).withName(name).get();
    }

    private static boolean ours(Service service) {
        var labels = service.getMetadata().getLabels();
        return labels != null && labels.entrySet().containsAll(LABELS.entrySet());
    }

    private boolean serves(@Nullable Service service) {
        return service != null
                && ours(service)
                && EXTERNAL_NAME.equals(service.getSpec().getType())
                && target.equals(service.getSpec().getExternalName());
    }

    private Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withLabels(LABELS)
                .endMetadata()
                .withNewSpec()
                .withType(EXTERNAL_NAME)
                .withExternalName(target)
                .endSpec()
                .build();
    }

    @Override
    public void close() {
        services.close();
    }
}
