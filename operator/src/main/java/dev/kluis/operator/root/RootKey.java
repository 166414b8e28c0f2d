package dev.kluis.operator.root;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.seal.RootKeySeal;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seal of kind {@code kubernetes}: the root keys lie in the Secret {@value #NAME} of the operator's namespace, made at
 * the first start and never by Helm. It protects against whoever reads the store's resources or etcd's backups without
 * this Secret, and not against whoever reads Secrets in this namespace. Missing while records exist means sealed, never a
 * new root.
 */
public final class RootKey implements SealSource {

    /** Of the Secret. */
    public static final String NAME = "kluis-root-key";
    /** The annotation whose every new value asks for a new root. */
    public static final String ROTATE = "kluis.dev/rotate";
    /** The annotation with the value that was handled, written together with the new root. */
    public static final String ROTATED = "kluis.dev/rotated";

    private static final Logger LOG = LoggerFactory.getLogger(RootKey.class);
    private static final String FIRST = "root";
    private static final String LATER = "root-";
    private static final String KIND = "kubernetes";

    private final KubernetesClient client;
    private final String namespace;
    private final SecureRandom random;
    private volatile @Nullable RootKeySeal seal;

    public RootKey(KubernetesClient client, String namespace, SecureRandom random) {
        this.client = client;
        this.namespace = namespace;
        this.random = random;
    }

    /** The seal, or nothing while sealed: records exist and the Secret does not, or holds no root key. */
    @Override
    public Optional<RootKeySeal> seal() {
        var made = secret().flatMap(RootKey::roots)
                .or(() -> recordsExist(client, namespace) ? Optional.empty() : Optional.of(create()))
                .map(roots -> new RootKeySeal(KIND, roots, random));
        seal = made.orElse(null);
        return made;
    }

    @Override
    public String whySealed() {
        return "there are records, but the Secret " + NAME + " in namespace " + namespace
                + " with their root key is missing or holds none: restore it from a backup, or set seal.kind to"
                + " what it was; Kluis goes on by itself";
    }

    private Optional<Secret> secret() {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(NAME).get());
    }

    /** The roots by generation; nothing when any field of them is not a root. */
    private static Optional<SortedMap<Integer, SealingKey>> roots(Secret secret) {
        var roots = new TreeMap<Integer, SealingKey>();
        for (var field : Optional.ofNullable(secret.getData()).orElse(Map.of()).entrySet()) {
            byte[] bytes = Base64.getDecoder().decode(field.getValue());
            var generation = generation(field.getKey());
            if (generation.isEmpty() || bytes.length != SealingKey.LENGTH) {
                return Optional.empty();
            }
            roots.put(generation.get(), SealingKey.of(SecretBytes.owning(bytes)));
        }
        return Optional.of(roots).filter(some -> !some.isEmpty()).map(some -> some);
    }

    private static Optional<Integer> generation(String field) {
        if (field.equals(FIRST)) {
            return Optional.of(1);
        }
        return field.matches(LATER + "[1-9][0-9]{0,5}")
                ? Optional.of(Integer.valueOf(field.substring(LATER.length())))
                : Optional.empty();
    }

    private static String field(int generation) {
        return generation == 1 ? FIRST : LATER + generation;
    }

    static boolean recordsExist(KubernetesClient client, String namespace) {
        return !client.resources(StoreRecord.class)
                .inNamespace(namespace)
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getItems()
                .isEmpty();
    }

    /** Of two that start for the first time at once, one creates and the other reads. */
    private SortedMap<Integer, SealingKey> create() {
        var key = SealingKey.generate(random);
        try {
            var secret = new SecretBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .addToAnnotations(
                            "kluis.dev/description",
                            "The root key of all vaults. Without it nothing in them can be read again: back it up.")
                    .endMetadata()
                    .withType("kluis.dev/root-key")
                    .withData(Map.of(FIRST, base64(key)))
                    .build();
            client.resource(secret).create();
            return new TreeMap<>(Map.of(1, key));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return secret().flatMap(RootKey::roots).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    private static String base64(SealingKey key) {
        try (var copy = key.reveal(SecretAccess.GRANTED)) {
            byte[] raw = copy.reveal(SecretAccess.GRANTED);
            String text = Base64.getEncoder().encodeToString(raw);
            Arrays.fill(raw, (byte) 0);
            return text;
        }
    }

    /**
     * Makes a new root when the annotation {@value #ROTATE} has a value that was not handled yet. One write keeps the root
     * and marks the value as handled, before the root is used; killed after it, the next start reads both.
     */
    @Override
    public void beginWhenAsked(SealTrail trail) {
        var using = seal;
        var there = secret();
        if (using == null || there.isEmpty()) {
            return;
        }
        var roots = roots(there.get())
                .orElseThrow(() -> new IllegalStateException(
                        "the Secret " + NAME + " has a field that is no root: nothing is changed"));
        if (roots.lastKey() > using.newest()) {
            // Written before, with an answer that never came.
            using.add(roots.lastKey(), roots.lastEntry().getValue());
            return;
        }
        if (roots.lastKey() < using.newest()) {
            LOG.error(
                    "The Secret {} lost the root key of generation {}, which vaults need: restore it before this process"
                            + " ends",
                    NAME,
                    using.newest());
            return;
        }
        var annotations =
                Optional.ofNullable(there.get().getMetadata().getAnnotations()).orElse(Map.of());
        String asked = annotations.getOrDefault(ROTATE, "");
        if (asked.isEmpty() || asked.equals(annotations.get(ROTATED)) || roots.size() > 1) {
            return;
        }
        trail.change(
                new Caller.Clockwork(), Source.NONE, "RootRotate", () -> {}, () -> rotate(using, there.get(), asked));
    }

    private SealTrail.Done<Integer> rotate(RootKeySeal using, Secret there, String asked) {
        int generation = using.newest() + 1;
        var root = SealingKey.generate(random);
        write(new SecretBuilder(there)
                .editMetadata()
                .addToAnnotations(ROTATED, asked)
                .endMetadata()
                .addToData(field(generation), base64(root))
                .build());
        using.add(generation, root);
        LOG.info("There is a new root key, of generation {}; all vaults are wrapped anew", generation);
        return new SealTrail.Done<>(generation, "there is a root of generation " + generation);
    }

    @Override
    public boolean rotating() {
        return seal != null
                && secret().flatMap(RootKey::roots)
                        .filter(roots -> roots.size() > 1)
                        .isPresent();
    }

    @Override
    public void finish() {
        var using = seal;
        var there = secret().orElseThrow();
        var roots = roots(there).orElseThrow();
        if (using == null || roots.lastKey() != using.newest()) {
            throw new IllegalStateException("the Secret " + NAME + " has another newest root than the one in use");
        }
        String newest = field(using.newest());
        var data = new HashMap<>(there.getData());
        data.keySet().removeIf(name -> !name.equals(newest));
        write(new SecretBuilder(there).withData(data).build());
        LOG.info("The root key of generation {} is the only one now: back up the Secret {}", using.newest(), NAME);
    }

    /** Compares with what was read: its resourceVersion is in it. */
    private void write(Secret secret) {
        client.resource(secret).update();
    }
}
