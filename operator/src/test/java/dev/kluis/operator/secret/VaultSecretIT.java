package dev.kluis.operator.secret;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultSecretIT {

    private static final String GENERATED = "vaultRef: {name: %s}\nsource: {generate: {length: 20}}";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("secret");
    private final String vaultName = "v" + ns.substring(ns.length() - 8);

    @BeforeEach
    void makeVault() {
        operator.awaitReady(operator.vault(ns, vaultName));
    }

    private VaultSecret generated(String name) {
        return operator.secret(ns, name, GENERATED.formatted(vaultName));
    }

    private ObjectId id(String name) {
        return ObjectId.secret(new VaultId(ns, vaultName), name);
    }

    @Test
    void a_generated_secret_becomes_ready_and_shows_its_version() {
        var secret = operator.awaitReady(generated("db"));

        assertThat(secret.getStatus().currentVersion).matches("[0-9a-f]{32}");
        assertThat(secret.getStatus().versions).isEqualTo(1);
        assertThat(secret.getStatus().vault).isEqualTo(ns + "/" + vaultName);
        assertThat(secret.getStatus().uri).isEqualTo("https://" + vaultName + ".vault.svc.cluster.local/secrets/db");
        assertThat(condition(secret, "Ready")).isEqualTo("True");
        assertThat(condition(secret, "Reconciling")).isEqualTo("False");
        assertThat(condition(secret, "Stalled")).isEqualTo("False");
        assertThat(secret.getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void applying_the_same_again_writes_nothing() {
        var before = operator.awaitReady(generated("db"));
        String records = recordVersions();

        var after = generated("db");

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
                .filter(record -> record.getSpec().object.startsWith(ns + "/"))
                .map(record ->
                        record.getSpec().object + "=" + record.getMetadata().getResourceVersion())
                .sorted()
                .toList()
                .toString();
    }

    @Test
    void the_rotate_annotation_makes_one_new_version_for_each_new_value() {
        var first = operator.awaitReady(generated("db"));
        operator.annotate(first, "kluis.dev/rotate", "1");
        var second = operator.awaitStatus(first, now -> now.getStatus().versions == 2);
        assertThat(second.getStatus().currentVersion).isNotEqualTo(first.getStatus().currentVersion);

        operator.annotate(first, "another/annotation", "x");
        operator.annotate(first, "kluis.dev/rotate", "2");
        var third = operator.awaitStatus(first, now -> now.getStatus().versions == 3);
        assertThat(third.getStatus().currentVersion).isNotEqualTo(second.getStatus().currentVersion);
    }

    @Test
    void a_rotate_annotation_that_is_there_at_the_start_counts_as_handled() {
        var secret = operator.apply(VaultSecret.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: db, annotations: {kluis.dev/rotate: "yesterday"}}
                spec: {vaultRef: {name: %s}, source: {generate: {}}}
                """.formatted(vaultName));
        assertThat(operator.awaitReady(secret).getStatus().versions).isEqualTo(1);

        operator.annotate(secret, "kluis.dev/rotate", "today");
        operator.awaitStatus(secret, now -> now.getStatus().versions == 2);
    }

    @Test
    void deleting_is_soft_and_applying_again_recovers_the_same_version() {
        var before = operator.awaitReady(generated("db"));
        operator.delete(before);
        awaitLifecycle("db", Lifecycle.Deleted.class);

        var after = operator.awaitReady(generated("db"));

        assertThat(after.getStatus().currentVersion).isEqualTo(before.getStatus().currentVersion);
        assertThat(after.getStatus().versions).isEqualTo(1);
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
        var kept = operator.awaitReady(
                operator.secret(ns, "kept", GENERATED.formatted(vaultName) + "\ndeletionPolicy: Keep"));
        var marker = operator.awaitReady(generated("marker"));
        operator.delete(kept);
        operator.delete(marker);
        awaitLifecycle("marker", Lifecycle.Deleted.class);

        awaitLifecycle("kept", Lifecycle.Active.class);
        assertThat(operator.awaitReady(generated("kept")).getStatus().currentVersion)
                .isEqualTo(kept.getStatus().currentVersion);
    }

    @Test
    void changed_attributes_are_taken_over_without_a_new_version() {
        var before = operator.awaitReady(generated("db"));
        operator.secret(
                ns, "db", GENERATED.formatted(vaultName) + "\nexpires: 2040-01-01T00:00:00Z\ntags: {owner: billing}");
        var after = operator.awaitStatus(before, now -> now.getStatus().nextEvent != null);

        assertThat(after.getStatus().nextEvent).isEqualTo("2040-01-01T00:00:00Z");
        assertThat(after.getStatus().currentVersion).isEqualTo(before.getStatus().currentVersion);
    }

    @Test
    void a_secret_without_a_vault_says_so_and_goes_on_when_the_vault_comes() {
        String other = "w" + vaultName.substring(1);
        var waiting = operator.awaitReason(operator.secret(ns, "early", GENERATED.formatted(other)), "VaultNotFound");
        assertThat(message(waiting)).contains("apply a Vault of this name").contains(other);
        assertThat(condition(waiting, "Stalled")).isEqualTo("True");

        operator.vault(ns, other);
        operator.awaitReady(waiting);
    }

    @Test
    void attack_01_a_vault_of_another_namespace_is_used_only_when_it_is_shared() {
        String guest = ApiServer.shared().newNamespace("guest");
        String spec = "vaultRef: {name: %s, namespace: %s}\nsource: {generate: {}}".formatted(vaultName, ns);
        var refused = operator.awaitReason(operator.secret(guest, "mine", spec), "VaultNotShared");
        assertThat(message(refused)).contains("spec.sharing.namespaces");

        operator.apply(Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec: {sharing: {namespaces: [%s]}}
                """.formatted(vaultName, guest));
        operator.awaitReady(refused);
    }

    @Test
    void attack_02_what_is_not_there_and_what_is_not_shared_read_alike_from_outside() {
        String guest = ApiServer.shared().newNamespace("guest");
        String absent = "vaultRef: {name: absent-one, namespace: %s}\nsource: {generate: {}}".formatted(ns);
        String there = "vaultRef: {name: %s, namespace: %s}\nsource: {generate: {}}".formatted(vaultName, ns);
        var one = operator.awaitReason(operator.secret(guest, "one", absent), "VaultNotShared");
        var two = operator.awaitReason(operator.secret(guest, "two", there), "VaultNotShared");

        assertThat(message(one).replace("absent-one", vaultName)).isEqualTo(message(two));
    }

    @Test
    void the_object_of_another_resource_is_not_taken_over() {
        var owner = operator.awaitReady(generated("db"));
        var taker = operator.awaitReason(
                operator.secret(ns, "taker", GENERATED.formatted(vaultName) + "\nname: db"), "OwnedByAnother");

        assertThat(message(taker)).contains("VaultSecret/" + ns + "/db");
        operator.delete(taker);
        var again = operator.awaitReady(generated("db"));
        assertThat(again.getStatus().currentVersion).isEqualTo(owner.getStatus().currentVersion);
    }

    @Test
    void without_a_source_it_waits_for_a_client() {
        var secret = operator.awaitReason(
                operator.secret(ns, "manual", "vaultRef: {name: " + vaultName + "}"), "WaitingForValue");
        assertThat(condition(secret, "Reconciling")).isEqualTo("True");
        assertThat(condition(secret, "Ready")).isEqualTo("False");
    }

    @Test
    void a_value_is_imported_from_a_secret_once_and_again_on_rotate() {
        kubernetesSecret("old", "password", "first".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var imported = operator.awaitReady(operator.secret(ns, "db", imported("old", "password")));
        kubernetesSecret("old", "password", "second".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        operator.annotate(imported, "kluis.dev/rotate", "1");

        operator.awaitStatus(imported, now -> now.getStatus().versions == 2);
    }

    @Test
    void a_secret_or_key_that_is_not_there_is_told() {
        var missing = operator.awaitReason(operator.secret(ns, "a", imported("absent", "k")), "SecretNotFound");
        assertThat(message(missing)).isEqualTo("there is no Secret 'absent' in namespace '" + ns + "'");
        kubernetesSecret("old", "password", new byte[] {'x'});
        var noKey = operator.awaitReason(operator.secret(ns, "b", imported("old", "k")), "SecretNotFound");
        assertThat(message(noKey)).isEqualTo("the Secret 'old' has no key 'k'");
    }

    @Test
    void a_value_over_25_kilobytes_or_not_text_is_refused_and_nothing_is_written() {
        kubernetesSecret("large", "k", new byte[25_601]);
        var large = operator.awaitReason(operator.secret(ns, "large", imported("large", "k")), "InvalidValue");
        assertThat(message(large)).contains("25601 bytes").contains("at most 25 KB (25,600 bytes)");

        kubernetesSecret("binary", "k", new byte[] {(byte) 0xff});
        var binary = operator.awaitReason(operator.secret(ns, "binary", imported("binary", "k")), "InvalidValue");
        assertThat(message(binary)).contains("not UTF-8");
        assertThat(recordVersions()).doesNotContain("secrets/large").doesNotContain("secrets/binary");
    }

    @Test
    void the_largest_value_is_taken() {
        byte[] largest = "x".repeat(25_600).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        kubernetesSecret("largest", "k", largest);
        operator.awaitReady(operator.secret(ns, "largest", imported("largest", "k")));
    }

    @Test
    void a_tampered_record_stalls_its_own_resource_only() {
        var victim = operator.awaitReady(generated("victim"));
        var other = operator.awaitReady(generated("other"));
        var record =
                operator
                        .client()
                        .resources(StoreRecord.class)
                        .inNamespace(operator.namespace())
                        .list()
                        .getItems()
                        .stream()
                        .filter(one -> one.getSpec().object.equals(id("victim").toString()))
                        .findFirst()
                        .orElseThrow();
        byte[] sealed = Base64.getDecoder().decode(record.getSpec().sealed);
        sealed[sealed.length - 1] ^= 1;
        record.getSpec().sealed = Base64.getEncoder().encodeToString(sealed);
        operator.client().resource(record).update();

        var told = operator.awaitReason(victim, "RecordUnreadable");
        assertThat(condition(told, "Stalled")).isEqualTo("True");
        operator.annotate(other, "kluis.dev/rotate", "1");
        operator.awaitStatus(other, now -> now.getStatus().versions == 2);
    }

    @Test
    void a_disabled_resource_is_left_alone_until_it_is_enabled_again() {
        var secret = operator.awaitReady(generated("db"));
        operator.annotate(secret, "kluis.dev/reconcile", "disabled");
        operator.annotate(secret, "kluis.dev/rotate", "1");
        operator.awaitReason(secret, "ReconciliationDisabled");
        operator.annotate(secret, "kluis.dev/reconcile", "enabled");

        operator.awaitStatus(secret, now -> now.getStatus().versions == 2);
    }

    private String imported(String name, String key) {
        return "vaultRef: {name: %s}\nsource: {secretKeyRef: {name: %s, key: %s}}".formatted(vaultName, name, key);
    }

    private void kubernetesSecret(String name, String key, byte[] value) {
        operator.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(ns)
                        .endMetadata()
                        .withData(Map.of(key, Base64.getEncoder().encodeToString(value)))
                        .build())
                .serverSideApply();
    }
}
