package dev.kluis.bench;

import dev.kluis.crds.store.StoreRecord;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** A client that posts resources as large as the engine's to the same API server, and does nothing else. */
final class BareClient {

    private static final int NAME_BYTES = 20;

    /** Of what it posts, in bytes. */
    record Sizes(int object, int header, int sealed) {

        /** The same as those of a secret that the engine wrote. */
        static Sizes ofSecretIn(KubernetesClient client, String namespace) {
            var record = client.resources(StoreRecord.class).inNamespace(namespace).list().getItems().stream()
                    .filter(one -> one.getMetadata().getName().startsWith("secret-"))
                    .findFirst()
                    .orElseThrow();
            var decoder = Base64.getDecoder();
            return new Sizes(
                    record.getSpec().object.length(),
                    decoder.decode(record.getSpec().header).length,
                    decoder.decode(record.getSpec().sealed).length);
        }
    }

    private final KubernetesClient client;
    private final String namespace;
    private final Sizes sizes;
    private final SplittableRandom random = new SplittableRandom();

    BareClient(KubernetesClient client, String namespace, Sizes sizes) {
        this.client = client;
        this.namespace = namespace;
        this.sizes = sizes;
    }

    void post() {
        var record = new StoreRecord();
        record.setMetadata(new ObjectMeta());
        record.getMetadata().setName("secret-" + HexFormat.of().formatHex(bytes(NAME_BYTES)));
        record.setSpec(new StoreRecord.Sealed());
        record.getSpec().object = "o".repeat(sizes.object());
        record.getSpec().header = Base64.getEncoder().encodeToString(bytes(sizes.header()));
        record.getSpec().sealed = Base64.getEncoder().encodeToString(bytes(sizes.sealed()));
        client.resources(StoreRecord.class)
                .inNamespace(namespace)
                .resource(record)
                .create();
    }

    /** Random as sealed bytes are, so that nothing compresses them. */
    private synchronized byte[] bytes(int count) {
        byte[] some = new byte[count];
        random.nextBytes(some);
        return some;
    }
}
