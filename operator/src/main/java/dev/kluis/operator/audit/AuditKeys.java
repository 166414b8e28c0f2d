package dev.kluis.operator.audit;

import dev.kluis.crypto.VerifyingKey;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;

/**
 * The public keys of the audit's checkpoints, in the ConfigMap {@value #NAME}: by key id, 64 hex characters each. Keys are
 * added and never taken away, since old logs are verified by old keys. Who verifies keeps a copy where whoever could
 * change this ConfigMap could not.
 */
final class AuditKeys {

    static final String NAME = "kluis-audit-keys";

    private final KubernetesClient client;
    private final String namespace;

    AuditKeys(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    void publish(VerifyingKey key) {
        var map = client.configMaps().inNamespace(namespace).withName(NAME);
        var there = map.get();
        if (there == null) {
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName(NAME)
                            .withNamespace(namespace)
                            .endMetadata()
                            .withData(Map.of(key.id(), key.hex()))
                            .build())
                    .create();
        } else if (there.getData() == null || !key.hex().equals(there.getData().get(key.id()))) {
            map.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"" + key.id() + "\":\"" + key.hex() + "\"}}");
        }
    }
}
