package dev.kluis.operator.root;

import dev.kluis.vault.seal.SealState;
import dev.kluis.vault.store.ConflictException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

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
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(NAME)
                        .get())
                .map(map -> new Held(
                        Optional.ofNullable(map.getData()).orElse(Map.of()),
                        map.getMetadata().getResourceVersion()));
    }

    @Override
    public void put(Optional<String> tag, Map<String, String> data) throws ConflictException {
        var map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withResourceVersion(tag.orElse(null))
                .addToAnnotations(
                        "kluis.dev/description",
                        "What officers' shares are known by. It holds no secret, and without it they unseal nothing:"
                                + " back it up.")
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
                throw new ConflictException("another state of the seal is there");
            }
            throw e;
        }
    }
}
