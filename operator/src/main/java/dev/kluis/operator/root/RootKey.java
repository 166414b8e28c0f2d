package dev.kluis.operator.root;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.Seal;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The seal of kind {@code kubernetes}: the root key lies in the Secret {@value #NAME} of the operator's namespace, made at
 * the first start and never by Helm. It protects against whoever reads the store's resources or etcd's backups without
 * this Secret, and not against whoever reads Secrets in this namespace. Missing while records exist means sealed, never a
 * new root.
 */
public final class RootKey {

    /** Of the Secret. */
    public static final String NAME = "kluis-root-key";

    private static final String FIELD = "root";
    private static final String KIND = "kubernetes";

    private final KubernetesClient client;
    private final String namespace;
    private final SecureRandom random;

    public RootKey(KubernetesClient client, String namespace, SecureRandom random) {
        this.client = client;
        this.namespace = namespace;
        this.random = random;
    }

    /** The seal, or nothing while sealed: records exist and the Secret does not, or holds no root key. */
    public Optional<Seal> seal() {
        return read().or(() -> recordsExist() ? Optional.empty() : Optional.of(create()))
                .map(key -> new RootKeySeal(KIND, key, random));
    }

    private Optional<SealingKey> read() {
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(NAME).get())
                .map(secret -> Base64.getDecoder().decode(secret.getData().getOrDefault(FIELD, "")))
                .filter(bytes -> bytes.length == SealingKey.LENGTH)
                .map(bytes -> SealingKey.of(SecretBytes.owning(bytes)));
    }

    private boolean recordsExist() {
        return !client.resources(StoreRecord.class)
                .inNamespace(namespace)
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getItems()
                .isEmpty();
    }

    /** Of two that start for the first time at once, one creates and the other reads. */
    private SealingKey create() {
        var key = SealingKey.generate(random);
        try (var copy = key.reveal(SecretAccess.GRANTED)) {
            byte[] raw = copy.reveal(SecretAccess.GRANTED);
            var secret = new SecretBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .addToAnnotations(
                            "kluis.dev/description",
                            "The root key of all vaults. Without it nothing in them can be read again: back it up.")
                    .endMetadata()
                    .withType("kluis.dev/root-key")
                    .withImmutable(true)
                    .withData(Map.of(FIELD, Base64.getEncoder().encodeToString(raw)))
                    .build();
            Arrays.fill(raw, (byte) 0);
            client.resource(secret).create();
            return key;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return read().orElseThrow(() -> e);
            }
            throw e;
        }
    }
}
