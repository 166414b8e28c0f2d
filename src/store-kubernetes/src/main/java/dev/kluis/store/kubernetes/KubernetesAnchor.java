package dev.kluis.store.kubernetes;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.store.Anchor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The checkpoints' numbers in the ConfigMap {@value #NAME}, a key {@code namespace.vault} each: not one of the store's
 * kinds, so that whoever puts those back leaves it as it is. Whoever can write it can hide that a store was put back, and
 * nothing else.
 */
public final class KubernetesAnchor implements Anchor {

    /** Of the ConfigMap in the operator's own namespace. */
    public static final String NAME = "kluis-checkpoints";

    private static final long BEYOND_ALL = 1_000_000_000_000_000L;

    private final KubernetesClient client;
    private final String namespace;

    public KubernetesAnchor(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    @Override
    public Map<VaultId, Long> read() {
        var numbers = new HashMap<VaultId, Long>();
        Optional.ofNullable(Patience.asking(() -> client.configMaps()
                        .inNamespace(namespace)
                        .withName(NAME)
                        .get()))
                .map(ConfigMap::getData)
                .orElseGet(Map::of)
                .forEach((key, number) -> vault(key).ifPresent(id -> numbers.put(id, number(number))));
        return numbers;
    }

    /** What is no vault was not written by Kluis, and says nothing. */
    private static Optional<VaultId> vault(String key) {
        int dot = key.indexOf('.');
        try {
            return dot < 0 ? Optional.empty() : Optional.of(new VaultId(key.substring(0, dot), key.substring(dot + 1)));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** What is no number was changed by somebody, which is reason enough to have it looked at. */
    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : BEYOND_ALL;
    }

    @Override
    public void write(Map<VaultId, Long> numbers) {
        String data = numbers.entrySet().stream()
                .map(entry -> "\"" + entry.getKey().namespace() + "."
                        + entry.getKey().name() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{\"data\":{", "}}"));
        var empty = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .build();
        Patience.asking(() -> {
            try {
                return client.resource(empty).patch(PatchContext.of(PatchType.JSON_MERGE), data);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    throw e;
                }
                client.resource(empty).create();
                return client.resource(empty).patch(PatchContext.of(PatchType.JSON_MERGE), data);
            }
        });
    }
}
