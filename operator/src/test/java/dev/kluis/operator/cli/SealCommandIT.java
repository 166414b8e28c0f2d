package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis seal}, from a value to what a pod would get. */
class SealCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("sealcli");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @TempDir
    Path folder;

    private Command kluis;
    private String recipient;

    @BeforeEach
    void makeVault() throws IOException {
        recipient = operator.awaitReady(operator.vault(ns, vault)).getStatus().sealingKey.recipient;
        operator.grant(ns, vault, "user", "Secrets User");
        kluis = Command.as(operator, folder, ns, "user", vault);
    }

    @Test
    void a_value_that_was_sealed_without_a_cluster_is_applied_and_read() {
        var sealed = kluis.without("KLUIS_TOKEN_FILE")
                .without("KLUIS_SERVER")
                .runWith("from git", "seal", "Db-Password", "--recipient", recipient, "--manifest");
        assertThat(sealed.exit()).as(sealed.err()).isZero();
        assertThat(sealed.out()).contains("kluis1:").doesNotContain("from git");

        VaultSecret resource =
                operator.client().getKubernetesSerialization().unmarshal(sealed.out(), VaultSecret.class);
        operator.awaitReady(operator.client()
                .resource(resource)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build()));

        assertThat(kluis.run("secret", "get", "db-password").out()).isEqualTo("from git");
    }

    @Test
    void the_key_is_found_in_the_cluster_of_the_kubeconfig() throws IOException {
        var kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), ApiServer.shared().kubeconfig());

        var sealed = kluis.runWith("value", "seal", "db", "--kubeconfig", kubeconfig.toString());

        assertThat(sealed.exit()).as(sealed.err()).isZero();
        assertThat(sealed.out()).startsWith("kluis1:");
    }

    @Test
    void a_value_is_no_argument_and_a_mistyped_key_is_noticed() {
        assertThat(kluis.run("seal", "db", "hunter2", "--recipient", recipient).exit())
                .isEqualTo(2);
        var mistyped =
                kluis.runWith("value", "seal", "db", "--recipient", recipient.replace("recipient1:", "recipient1:A"));
        assertThat(mistyped.exit()).isEqualTo(2);
        assertThat(mistyped.err()).contains("not a vault's public key");
        var long25k = kluis.runWith("x".repeat(25_601), "seal", "db", "--recipient", recipient);
        assertThat(long25k.exit()).isEqualTo(2);
        assertThat(long25k.err()).contains("25 KB");
    }

    @Test
    void a_key_that_was_sealed_is_taken_in_by_a_VaultKey_and_by_no_VaultSecret() {
        String jwk = "{\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"}";
        var sealed = kluis.runWith(jwk, "seal", "mac", "--recipient", recipient, "--key");
        assertThat(sealed.exit()).as(sealed.err()).isZero();

        operator.awaitReady(operator.applyAsIs(
                VaultKey.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultKey
                metadata: {name: mac}
                spec: {vaultRef: {name: %s}, type: OCT, import: {sealed: "%s"}}
                """.formatted(vault, sealed.out().strip())));
        operator.awaitReason(
                operator.applyAsIs(
                        VaultSecret.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: mac}
                spec: {vaultRef: {name: %s}, source: {sealed: "%s"}}
                """.formatted(vault, sealed.out().strip())),
                "InvalidValue");

        var both = kluis.runWith(jwk, "seal", "mac", "--recipient", recipient, "--key", "--manifest");
        assertThat(both.exit()).isEqualTo(2);
    }
}
