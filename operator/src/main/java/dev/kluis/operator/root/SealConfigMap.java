package dev.kluis.operator.root;

import dev.kluis.vault.seal.SealState;
import dev.kluis.vault.store.ConflictException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The public state of a seal in the ConfigMap {@value #NAME} of the operator's namespace. */
final class SealConfigMap implements SealState {

    /** Of the ConfigMap. */
    static final String NAME = "kluis-seal";

    private final KubernetesClient client;
    private final String namespace;

    SealConfigMap(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    @Override
    public Optional<Held> read() {
        return Optional.ofNullable(get()).map(map -> {
            var annotations =
                    Optional.ofNullable(map.getMetadata().getAnnotations()).orElse(Map.of());
            return new Held(
                    Optional.ofNullable(map.getData()).orElse(Map.of()),
                    map.getMetadata().getResourceVersion(),
                    Optional.ofNullable(annotations.get(RootKey.ROTATE)).filter(text -> !text.isEmpty()));
        });
    }

    private @Nullable ConfigMap get() {
        return client.configMaps().inNamespace(namespace).withName(NAME).get();
    }

    @Override
    public void put(Optional<String> tag, Map<String, String> data) throws ConflictException {
        var there = tag.isPresent() ? get() : null;
        if (tag.isPresent()
                && (there == null || !tag.get().equals(there.getMetadata().getResourceVersion()))) {
            throw another();
        }
        // What others wrote beside the data stays.
        var map = new ConfigMapBuilder(there == null ? new ConfigMap() : there)
                .editOrNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .addToAnnotations(
                        "kluis.dev/description",
                        "What Kluis is unsealed by. It is of no use to whoever has nothing else, and without it nothing"
                                + " unseals: back it up.")
                .endMetadata()
                .withData(data)
                .build();
        try {
            if (tag.isPresent()) {
                client.resource(map).update();
            } else {
                client.resource(map).create();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw another();
            }
            throw e;
        }
    }

    private static ConflictException another() {
        return new ConflictException("another state of the seal is there");
    }
}
