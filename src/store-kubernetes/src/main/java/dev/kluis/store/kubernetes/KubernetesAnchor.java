package dev.kluis.store.kubernetes;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.StoreUnavailableException;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The checkpoints' numbers in the ConfigMap {@value #NAME}, a key {@code namespace.vault} each: not one of the store's
 * kinds, so that whoever puts those back leaves it as it is. Whoever can write it can hide that a store was put back, and
 * nothing else.
 */
public final class KubernetesAnchor implements Anchor {

    /** Of the ConfigMap in the operator's own namespace. */
    public static final String NAME = "kluis-checkpoints";

    /** Writers that meet; each of them is another process. */
    private static final int ATTEMPTS = 50;

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

    /** Compares with what was read, or a process that was away could put back what another has written since. */
    @Override
    public void write(Map<VaultId, Long> numbers) {
        for (int attempt = 1; ; attempt++) {
            try {
                Patience.asking(() -> raise(numbers));
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
                    throw new StoreUnavailableException("how far the checkpoints have come could not be written", e);
                }
            }
        }
    }

    private boolean raise(Map<VaultId, Long> numbers) {
        var there = client.configMaps().inNamespace(namespace).withName(NAME).get();
        var before = there == null || there.getData() == null ? Map.<String, String>of() : there.getData();
        var raised = new TreeMap<String, String>();
        numbers.forEach((vault, number) -> {
            String key = vault.namespace() + "." + vault.name();
            if (number == 0 || !before.containsKey(key) || number > number(before.get(key))) {
                raised.put(key, String.valueOf(number));
            }
        });
        if (raised.isEmpty()) {
            return false;
        }
        if (there == null) {
            var made = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withData(raised)
                    .build();
            client.resource(made).create();
            return true;
        }
        String data = raised.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "\"data\":{", "}"));
        String version = there.getMetadata().getResourceVersion();
        client.resource(there)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"resourceVersion\":\"" + version + "\"}," + data + "}");
        return true;
    }
}
