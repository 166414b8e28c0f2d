package dev.kluis.operator.secret;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.crds.v1alpha1.VaultSecretSpec;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that lie sealed in the resource, as GitOps applies them. */
class SealedSecretIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("sealed");
    private final String vaultName = "v" + ns.substring(ns.length() - 8);
    private RecipientKey recipient;

    @BeforeEach
    void makeVault() throws SealedBytesException {
        var vault = operator.awaitReady(operator.vault(ns, vaultName));
        recipient = RecipientKey.parse(vault.getStatus().sealingKey.recipient);
        assertThat(vault.getStatus().sealingKey.id).isEqualTo(recipient.id());
        assertThat(vault.getStatus().sealingKey.created).isNotBlank();
    }

    private ObjectId id(String name) {
        return ObjectId.secret(new VaultId(ns, vaultName), name);
    }

    private static SecretBytes secret(String value) {
        return SecretBytes.owning(value.getBytes(UTF_8));
    }

    private String seal(String name, String value) {
        return SealedText.seal(id(name), recipient, secret(value), new SecureRandom());
    }

    private VaultSecret apply(String name, String sealed) {
        return apply(ns, vaultName, name, sealed, false);
    }

    private VaultSecret apply(String namespace, String vault, String name, String sealed, boolean generateToo) {
        var resource = new VaultSecret();
        resource.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        var spec = new VaultSecretSpec();
        spec.vaultRef.name = vault;
        spec.source = new VaultSecretSpec.Source();
        spec.source.sealed = sealed;
        spec.source.generate = generateToo ? new VaultSecretSpec.Generate() : null;
        resource.setSpec(spec);
        return operator.client()
                .resource(resource)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build());
    }

    private Caller resource(String name) {
        return new Caller.Resource(new Owner("VaultSecret", ns, name), "uid");
    }

    private String value(String name) {
        var fetched = operator.kluis()
                .vault()
                .orElseThrow()
                .execute(resource(name), new SecretGet(id(name), Optional.empty(), Optional.empty()));
        try (var value = ((Fetched.Value) fetched).value()) {
            return new String(value.reveal(SecretAccess.GRANTED), UTF_8);
        }
    }

    @Test
    void a_sealed_value_is_served_and_another_text_with_another_value_is_the_next_version() {
        var first = operator.awaitReady(apply("db", seal("db", "first")));
        assertThat(value("db")).isEqualTo("first");

        operator.awaitStatus(apply("db", seal("db", "second")), now -> now.getStatus().versions == 2);
        assertThat(value("db")).isEqualTo("second");

        var again = operator.awaitReady(apply("db", seal("db", "second")));
        assertThat(again.getStatus().versions).isEqualTo(2);
        assertThat(first.getStatus().versions).isEqualTo(1);
    }

    @Test
    void a_value_that_a_client_set_stays_until_the_text_changes_or_rotate_asks() {
        var resource = operator.awaitReady(apply("db", seal("db", "from git")));
        operator.kluis()
                .vault()
                .orElseThrow()
                .execute(
                        resource("db"),
                        new SecretSet(
                                id("db"),
                                secret("by hand"),
                                SecretAttributes.NONE,
                                Optional.empty(),
                                Optional.empty()));
        operator.annotate(resource, "another/annotation", "x");
        operator.annotate(resource, "kluis.dev/rotate", "heal");

        operator.awaitStatus(resource, now -> now.getStatus().versions == 3);
        assertThat(value("db")).isEqualTo("from git");
    }

    @Test
    void attack_25_a_sealed_value_of_another_name_vault_or_namespace_is_refused_and_says_what_to_do() {
        String other = seal("other", "stolen");
        var refused = operator.awaitReason(apply("db", other), "InvalidValue");
        assertThat(condition(refused, "Stalled")).isEqualTo("True");
        assertThat(message(refused)).contains("seal it again with kluis seal, for " + id("db"));

        // Neither annotations nor labels widen it.
        operator.annotate(refused, "kluis.dev/rotate", "1");
        operator.annotate(refused, "sealedsecrets.bitnami.com/cluster-wide", "true");
        operator.awaitReason(refused, "InvalidValue");

        String elsewhere = ApiServer.shared().newNamespace("thief");
        String thiefVault = "t" + elsewhere.substring(elsewhere.length() - 8);
        operator.awaitReady(operator.vault(elsewhere, thiefVault));
        var thief = apply(elsewhere, thiefVault, "db", seal("db", "stolen"), false);
        assertThat(message(operator.awaitReason(thief, "InvalidValue"))).contains("none of this vault");
        assertThat(operator.audit())
                .allSatisfy(line -> assertThat(line.toString()).doesNotContain("stolen"));
    }

    @Test
    void a_deletion_that_is_reverted_brings_the_same_version_back() {
        String sealed = seal("db", "from git");
        var before = operator.awaitReady(apply("db", sealed));
        operator.delete(before);
        await().until(() -> operator.kluis()
                .vault()
                .orElseThrow()
                .summary(id("db"))
                .filter(one -> one.lifecycle() instanceof dev.kluis.vault.Lifecycle.Deleted)
                .isPresent());

        var after = operator.awaitReady(apply("db", sealed));

        assertThat(after.getStatus().currentVersion).isEqualTo(before.getStatus().currentVersion);
        assertThat(after.getStatus().versions).isEqualTo(1);
    }

    @Test
    void what_is_no_sealed_value_is_refused_when_it_is_applied() {
        assertThatThrownBy(() -> apply("db", "hunter2hunter2")).isInstanceOf(KubernetesClientException.class);
        assertThatThrownBy(() -> apply(ns, vaultName, "db", seal("db", "x"), true))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("source has exactly one of generate, secretKeyRef and sealed");
        assertThatThrownBy(() -> apply("db", "kluis1:" + "A".repeat(34_221)))
                .isInstanceOf(KubernetesClientException.class);
        var longest = operator.awaitReady(apply("db", seal("db", "x".repeat(25_600))));
        assertThat(longest.getStatus().versions).isEqualTo(1);
    }
}
