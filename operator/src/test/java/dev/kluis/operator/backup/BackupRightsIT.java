package dev.kluis.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chart's policy on who may declare a backup, as the API server enforces it. */
class BackupRightsIT {

    private static final Path POLICIES = Path.of("../helm/kluis/templates/policies.yaml");

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("rights");
    private final String name = "r" + ns.substring(ns.length() - 8);
    private final String recipient =
            RecipientKeyPair.generate(new SecureRandom()).publicKey().text();
    private List<HasMetadata> policy;
    private int attempts;

    @BeforeEach
    void install() throws IOException {
        policy = Arrays.stream(Files.readString(POLICIES)
                        .replaceAll("(?m)^.*\\{\\{- include.*$|^\\{\\{.*}}$", "")
                        .split("(?m)^---$"))
                .filter(text -> text.contains("name: kluis-backup-rights"))
                .map(text -> (HasMetadata)
                        operator.client().getKubernetesSerialization().unmarshal(text))
                .toList();
        assertThat(policy).hasSize(2);
        policy.forEach(one -> operator.client().resource(one).serverSideApply());
    }

    @AfterEach
    void remove() {
        policy.forEach(one -> operator.client().resource(one).delete());
    }

    private void allow(String group, String resource, String... verbs) {
        operator.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(resource)
                        .withNamespace(ns)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups(group)
                        .withResources(resource)
                        .withVerbs(verbs)
                        .endRule()
                        .build())
                .serverSideApply();
        operator.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(resource)
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", resource)
                        .addNewSubject("rbac.authorization.k8s.io", "User", "editor", null)
                        .build())
                .serverSideApply();
    }

    /** Another one each time: what is declared already takes no right. */
    private void applyAsEditor(String destination) {
        var config = new ConfigBuilder(operator.client().getConfiguration())
                .withImpersonateUsername("editor")
                .build();
        String text = """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s, namespace: %s}
                spec:
                  backup: {every: P%dD, recipient: "%s", destination: %s}
                """.formatted(name, ns, ++attempts, recipient, destination);
        try (KubernetesClient editor =
                new KubernetesClientBuilder().withConfig(config).build()) {
            Vault vault = editor.getKubernetesSerialization().unmarshal(text, Vault.class);
            editor.resource(vault).forceConflicts().serverSideApply();
        }
    }

    private void awaitRefused(String destination, String why) {
        // An API server takes its time until it knows a new policy.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThatThrownBy(() -> applyAsEditor(destination))
                        .isInstanceOf(KubernetesClientException.class)
                        .hasMessageContaining(why));
    }

    @Test
    void attack_05_who_may_edit_a_vault_but_not_back_it_up_sends_its_values_nowhere() {
        allow("kluis.dev", "vaults", "get", "create", "patch");
        awaitRefused("{folder: {name: nightly}}", "the file holds every value of the vault");

        allow("kluis.dev", "vaults", "get", "create", "patch", "backup");
        await().ignoreExceptions().until(() -> {
            applyAsEditor("{folder: {name: nightly}}");
            return true;
        });
        String s3 = "{s3: {endpoint: \"https://192.0.2.1\", region: x, bucket: abc, credentialsSecretRef: {name: s3}}}";
        awaitRefused(s3, "you may not get it yourself");
        allow("", "secrets", "get");
        await().ignoreExceptions().until(() -> {
            applyAsEditor(s3);
            return true;
        });
    }
}
