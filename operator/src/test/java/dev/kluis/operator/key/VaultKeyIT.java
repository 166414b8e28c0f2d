package dev.kluis.operator.key;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Clockwork;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.key.KeyEvents.What;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.VersionView;
import dev.kluis.vault.seal.SealedText;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultKeyIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("key");
    private final String vaultName = "v" + ns.substring(ns.length() - 8);
    private RecipientKey recipient;

    @BeforeEach
    void makeVault() throws SealedBytesException {
        var vault = operator.awaitReady(operator.vault(ns, vaultName));
        recipient = RecipientKey.parse(vault.getStatus().sealingKey.recipient);
    }

    private VaultKey key(String name, String spec) {
        return operator.applyAsIs(VaultKey.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultKey
                metadata: {name: %s}
                spec:
                  vaultRef: {name: %s}
                %s
                """.formatted(name, vaultName, spec.indent(2)));
    }

    private ObjectId id(String name) {
        return ObjectId.key(new VaultId(ns, vaultName), name);
    }

    private ObjectView view(String name) {
        return operator.kluis()
                .vault()
                .orElseThrow()
                .execute(new Caller.Resource(new Owner("VaultKey", ns, name), "uid"), new ObjectGetMetadata(id(name)))
                .orElseThrow();
    }

    private static Map<String, String> jwk(VaultKey key) {
        return key.getStatus().publicKey.jwk;
    }

    @Test
    void a_key_becomes_ready_and_shows_its_version_and_its_public_part() {
        var key = operator.awaitReady(key("pay", "type: EC\ncurve: P-384\noperations: [sign, verify]"));

        var status = key.getStatus();
        String uri = "https://" + vaultName + ".vault.svc.cluster.local/keys/pay";
        assertThat(status.vault).isEqualTo(ns + "/" + vaultName);
        assertThat(status.uri).isEqualTo(uri);
        assertThat(status.currentVersion).matches("[0-9a-f]{32}");
        assertThat(status.versions).isEqualTo(1);
        assertThat(jwk(key))
                .containsOnlyKeys("kid", "kty", "crv", "x", "y")
                .containsEntry("kid", uri + "/" + status.currentVersion)
                .containsEntry("kty", "EC")
                .containsEntry("crv", "P-384");
        assertThat(Base64.getUrlDecoder().decode(jwk(key).get("x"))).hasSize(48);
        assertThat(status.nextRotation).isNull();
        assertThat(status.nextEvent).isNull();
        assertThat(condition(key, "Ready")).isEqualTo("True");
        assertThat(key.getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void each_type_has_its_own_public_part_and_a_symmetric_key_has_none() {
        assertThat(jwk(operator.awaitReady(key("rsa", "type: RSA"))))
                .containsOnlyKeys("kid", "kty", "n", "e")
                .containsEntry("kty", "RSA");
        assertThat(jwk(operator.awaitReady(key("okp", "type: OKP")))).containsEntry("crv", "Ed25519");
        assertThat(jwk(operator.awaitReady(key("akp", "type: AKP\nalgorithm: ML-DSA-44"))))
                .containsEntry("alg", "ML-DSA-44");
        assertThat(operator.awaitReady(key("oct", "type: OCT")).getStatus().publicKey)
                .isNull();
    }

    @Test
    void applying_the_same_again_writes_nothing() {
        String spec = "type: EC\ntags: {a: b}\nrotation: {every: P90D, expires: P365D, notifyBefore: P30D}";
        var before = operator.awaitReady(key("pay", spec));
        String records = recordVersions();

        var after = key("pay", spec);
        operator.annotate(after, "another/annotation", "x");
        operator.awaitReady(key("marker", "type: OCT"));

        assertThat(after.getMetadata().getResourceVersion())
                .isEqualTo(before.getMetadata().getResourceVersion());
        assertThat(recordVersions()).isEqualTo(records);
    }

    private String recordVersions() {
        return operator
                .client()
                .resources(StoreRecord.class)
                .inNamespace(operator.namespace())
                .list()
                .getItems()
                .stream()
                .filter(record -> record.getSpec().object.equals(id("pay").toString()))
                .map(record ->
                        record.getSpec().object + "=" + record.getMetadata().getResourceVersion())
                .toList()
                .toString();
    }

    @Test
    void the_rotate_annotation_makes_one_new_version_for_each_new_value() {
        var first = operator.awaitReady(key("pay", "type: EC"));
        operator.annotate(first, "kluis.dev/rotate", "1");
        var second = operator.awaitStatus(first, now -> now.getStatus().versions == 2);
        assertThat(second.getStatus().currentVersion).isNotEqualTo(first.getStatus().currentVersion);
        assertThat(jwk(second).get("x")).isNotEqualTo(jwk(first).get("x"));

        operator.annotate(first, "another/annotation", "x");
        operator.annotate(first, "kluis.dev/rotate", "2");
        operator.awaitStatus(first, now -> now.getStatus().versions == 3);
    }

    @Test
    void deleting_is_soft_and_applying_again_brings_all_versions_back() {
        var first = operator.awaitReady(key("pay", "type: EC"));
        operator.annotate(first, "kluis.dev/rotate", "1");
        var before = operator.awaitStatus(first, now -> now.getStatus().versions == 2);
        operator.delete(before);
        awaitLifecycle("pay", Lifecycle.Deleted.class);

        var after = operator.awaitReady(key("pay", "type: EC"));

        assertThat(after.getStatus().currentVersion).isEqualTo(before.getStatus().currentVersion);
        assertThat(after.getStatus().versions).isEqualTo(2);
        assertThat(jwk(after)).isEqualTo(jwk(before));
    }

    private void awaitLifecycle(String name, Class<? extends Lifecycle> wanted) {
        await().until(() -> operator.kluis()
                .vault()
                .orElseThrow()
                .summary(id(name))
                .filter(summary -> wanted.isInstance(summary.lifecycle()))
                .isPresent());
    }

    @Test
    void the_deletion_policy_keep_leaves_the_object() {
        var kept = operator.awaitReady(key("kept", "type: EC\ndeletionPolicy: Keep"));
        var marker = operator.awaitReady(key("marker", "type: EC"));
        operator.delete(kept);
        operator.delete(marker);
        awaitLifecycle("marker", Lifecycle.Deleted.class);

        awaitLifecycle("kept", Lifecycle.Active.class);
    }

    @Test
    void the_key_of_another_resource_is_not_taken_over() {
        var owner = operator.awaitReady(key("pay", "type: EC"));
        var taker = operator.awaitReason(key("taker", "type: EC\nname: pay"), "OwnedByAnother");

        assertThat(message(taker)).contains("VaultKey/" + ns + "/pay");
        assertThat(condition(taker, "Stalled")).isEqualTo("True");
        operator.delete(taker);
        operator.annotate(owner, "kluis.dev/rotate", "1");
        operator.awaitStatus(owner, now -> now.getStatus().versions == 2);
    }

    @Test
    void a_key_without_a_vault_says_so_and_goes_on_when_the_vault_comes() {
        String other = "w" + vaultName.substring(1);
        var waiting = operator.awaitReason(operator.apply(VaultKey.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultKey
                metadata: {name: early}
                spec: {vaultRef: {name: %s}, type: EC}
                """.formatted(other)), "VaultNotFound");

        operator.vault(ns, other);
        operator.awaitReady(waiting);
    }

    @Test
    void attributes_operations_and_rotation_are_taken_over_without_a_new_version() {
        var before = operator.awaitReady(key("pay", "type: EC"));
        key("pay", """
                type: EC
                operations: [verify]
                enabled: false
                tags: {owner: billing}
                expires: 2040-01-01T00:00:00Z
                """);
        var after = operator.awaitStatus(before, now -> now.getStatus().nextEvent != null);

        assertThat(after.getStatus().nextEvent).isEqualTo("2040-01-01T00:00:00Z");
        assertThat(after.getStatus().currentVersion).isEqualTo(before.getStatus().currentVersion);
        var current = view("pay").state().current();
        assertThat(current.attributes().enabled()).isFalse();
        assertThat(current.attributes().tags()).isEqualTo(Map.of("owner", "billing"));

        key("pay", "type: EC");
        operator.awaitStatus(before, now -> now.getStatus().nextEvent == null);
        assertThat(view("pay").state().versions()).hasSize(1);
    }

    @Test
    void a_rotation_shows_its_dates_and_gives_the_first_version_its_end() {
        var key = operator.awaitReady(
                key("pay", "type: EC\nrotation: {beforeExpiry: P60D, expires: P365D, notifyBefore: P90D}"));

        var made = Instant.parse(key.getStatus().lastRotation);
        var end = view("pay").state().current().attributes().expires().orElseThrow();
        assertThat(end).isBetween(made.plus(364, ChronoUnit.DAYS), made.plus(366, ChronoUnit.DAYS));
        assertThat(key.getStatus().nextRotation)
                .isEqualTo(end.minus(60, ChronoUnit.DAYS).toString());
        assertThat(key.getStatus().nextEvent)
                .isEqualTo(end.minus(90, ChronoUnit.DAYS).toString());
        assertThat(view("pay").state().policy()).isInstanceOf(RotationPolicy.class);
    }

    @Test
    void a_rotation_that_is_too_soon_is_told() {
        var refused = operator.awaitReason(key("pay", "type: EC\nrotation: {every: P1D}"), "InvalidValue");
        assertThat(message(refused)).contains("at least P7D");
        operator.awaitReady(key("pay", "type: EC\nrotation: {every: P7D}"));
    }

    @Test
    void a_sealed_key_is_taken_in_and_another_text_with_another_key_is_the_next_version() throws Exception {
        var first = rsa();
        var key = operator.awaitReady(key("own", sealed("own", first)));
        assertThat(jwk(key).get("n")).isEqualTo(base64(first.getModulus()));

        var second = rsa();
        var next = operator.awaitStatus(key("own", sealed("own", second)), now -> now.getStatus().versions == 2);
        assertThat(jwk(next).get("n")).isEqualTo(base64(second.getModulus()));

        // The same key sealed again is no new one, and the annotation makes one that never was outside.
        operator.awaitReady(key("own", sealed("own", second)));
        operator.annotate(next, "kluis.dev/rotate", "1");
        var rotated = operator.awaitStatus(next, now -> now.getStatus().versions == 3);
        assertThat(jwk(rotated).get("n")).isNotEqualTo(base64(second.getModulus()));
    }

    @Test
    void attack_25_a_sealed_key_of_another_name_or_kind_is_refused_and_says_what_to_do() throws Exception {
        var refused = operator.awaitReason(key("own", sealed("other", rsa())), "InvalidValue");
        assertThat(message(refused)).contains("seal it again with kluis seal, for " + id("own"));

        var larger = operator.awaitReason(key("large", "size: 4096\n" + sealed("large", rsa())), "InvalidValue");
        assertThat(message(larger)).contains("RSA-2048").contains("one of RSA-4096 is declared");
        assertThat(operator.kluis().vault().orElseThrow().summary(id("large"))).isEmpty();
    }

    private static RSAPrivateCrtKey rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    }

    private String sealed(String name, RSAPrivateCrtKey key) {
        String jwk = """
                {"kty":"RSA","key_ops":["sign"],"n":"%s","e":"%s","d":"%s","p":"%s","q":"%s","dp":"%s","dq":"%s","qi":"%s"}
                """.formatted(
                        base64(key.getModulus()),
                        base64(key.getPublicExponent()),
                        base64(key.getPrivateExponent()),
                        base64(key.getPrimeP()),
                        base64(key.getPrimeQ()),
                        base64(key.getPrimeExponentP()),
                        base64(key.getPrimeExponentQ()),
                        base64(key.getCrtCoefficient()));
        String text = SealedText.seal(id(name), recipient, SecretBytes.owning(jwk.getBytes(UTF_8)), new SecureRandom());
        return "type: RSA\nimport: {sealed: \"" + text + "\"}";
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(unsigned);
    }

    @Test
    void what_comes_to_pass_with_a_key_is_told_once_by_events_of_its_resource() {
        var soon = Instant.now().plus(9, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        var key = operator.awaitReady(key("ends", "type: EC\nexpires: " + soon));
        key("stays", "type: EC");
        for (int restarts = 0; restarts < 2; restarts++) {
            var recorder = new KeyEventRecorder(operator.client(), InstantSource.system());
            new Clockwork(operator.kluis().vault().orElseThrow(), (id, failure) -> {}, recorder).rotateKeys();
            recorder.happened(What.EXPIRED, view("ends"), VersionView.current(view("ends")));
        }

        assertThat(operator.client()
                        .events()
                        .v1()
                        .events()
                        .inNamespace(ns)
                        .list()
                        .getItems())
                .allSatisfy(event -> {
                    assertThat(event.getRegarding().getUid())
                            .isEqualTo(key.getMetadata().getUid());
                    assertThat(event.getType()).isEqualTo("Warning");
                })
                .extracting(event -> event.getReason() + ": " + event.getNote())
                .containsExactlyInAnyOrder(
                        "NearExpiry: version " + key.getStatus().currentVersion + " expires at " + soon,
                        "Expired: version " + key.getStatus().currentVersion + " expired at " + soon);
    }
}
