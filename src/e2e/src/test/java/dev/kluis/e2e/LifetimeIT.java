package dev.kluis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.Cluster;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a vault survives. */
class LifetimeIT {

    private static final int MANY = 200;

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("life");

    @AfterEach
    void clean() {
        cluster.awaitOperator();
        cluster.client().namespaces().withName(ns).delete();
    }

    private void mounted(String pod) {
        cluster.serviceAccount(ns, "api");
        cluster.assign(ns, ns, "api", "value");
        cluster.providerClass(ns, "files", ns, "value");
        cluster.pod(ns, pod, "api", "files");
        cluster.awaitRunning(ns, pod);
    }

    private Object version() {
        return cluster.status("VaultSecret", ns, "value", "currentVersion");
    }

    @Test
    void a_secret_that_is_deleted_and_applied_again_keeps_its_value() {
        cluster.vault(ns, ns, "{}");
        cluster.generated(ns, ns, "value");
        mounted("before");
        String value = cluster.file(ns, "before", "value");
        Object version = version();

        cluster.delete("VaultSecret", ns, "value");
        await().atMost(Cluster.LIMIT).until(() -> Integer.valueOf(1).equals(deletedObjects()));
        cluster.generated(ns, ns, "value");
        cluster.awaitReady("VaultSecret", ns, "value");

        assertThat(version()).isEqualTo(version);
        cluster.pod(ns, "after", "api", "files");
        cluster.awaitRunning(ns, "after");
        assertThat(cluster.file(ns, "after", "value")).isEqualTo(value);
    }

    private Object deletedObjects() {
        return cluster.status("Vault", ns, ns, "objects") instanceof Map<?, ?> objects ? objects.get("deleted") : 0;
    }

    @Test
    void attack_18_a_namespace_that_is_deleted_and_made_again_gets_its_values_back() {
        cluster.vault(ns, ns, "{purgeProtection: true}");
        cluster.generated(ns, ns, "value");
        mounted("before");
        String value = cluster.file(ns, "before", "value");
        Object version = version();

        cluster.deleteNamespace(ns);
        cluster.makeNamespace(ns);
        cluster.vault(ns, ns, "{purgeProtection: true}");
        cluster.generated(ns, ns, "value");
        cluster.awaitReady("VaultSecret", ns, "value");

        assertThat(version()).isEqualTo(version);
        mounted("after");
        assertThat(cluster.file(ns, "after", "value")).isEqualTo(value);
    }

    @Test
    void fault_19_an_operator_killed_in_the_middle_of_200_applies_loses_nothing_and_doubles_nothing() {
        cluster.vault(ns, ns, "{}");
        for (int i = 0; i < MANY; i++) {
            cluster.generated(ns, ns, "secret-" + i);
            if (i == MANY / 2) {
                Cluster.killOperator();
            }
        }
        Map<String, Object> first = versionsOfAll();
        Cluster.killOperator();
        cluster.annotate("VaultSecret", ns, "secret-0", "kluis.dev/rotate", "1");

        await().atMost(Cluster.LIMIT)
                .until(() -> !cluster.status("VaultSecret", ns, "secret-0", "currentVersion")
                        .equals(first.get("secret-0")));
        Map<String, Object> second = versionsOfAll();
        assertThat(first).hasSize(MANY);
        assertThat(first.values()).doesNotHaveDuplicates();
        first.remove("secret-0");
        assertThat(second).containsAllEntriesOf(first);
        IntStream.range(1, MANY)
                .forEach(i -> assertThat(cluster.status("VaultSecret", ns, "secret-" + i, "versions"))
                        .isEqualTo(1));
        assertThat(cluster.status("VaultSecret", ns, "secret-0", "versions")).isEqualTo(2);
    }

    private Map<String, Object> versionsOfAll() {
        return IntStream.range(0, MANY)
                .mapToObj(i -> "secret-" + i)
                .peek(name -> cluster.awaitReady("VaultSecret", ns, name))
                .collect(Collectors.toMap(
                        name -> name,
                        name -> cluster.status("VaultSecret", ns, name, "currentVersion"),
                        (a, b) -> a,
                        TreeMap::new));
    }

    @Test
    void while_the_operator_is_away_pods_keep_their_files_and_what_the_node_was_given_can_be_mounted_again() {
        cluster.vault(ns, ns, "{offline: PT1H}");
        cluster.imported(ns, ns, "value", "kept on the node");
        mounted("first");
        cluster.serviceAccount(ns, "other");

        cluster.stopOperator();
        try {
            cluster.pod(ns, "second", "api", "files");
            cluster.pod(ns, "stranger", "other", "files");
            cluster.awaitRunning(ns, "second");

            assertThat(cluster.file(ns, "first", "value")).isEqualTo("kept on the node");
            assertThat(cluster.file(ns, "second", "value")).isEqualTo("kept on the node");
            cluster.awaitEvent(ns, "stranger", "operator does not answer", "'value'", ns + "/other");
        } finally {
            cluster.startOperator();
        }
        cluster.assign(ns, ns, "other", "value");
        cluster.awaitRunning(ns, "stranger");
    }

    @Test
    void without_offline_nothing_is_mounted_while_the_operator_is_away() {
        cluster.vault(ns, ns, "{}");
        cluster.generated(ns, ns, "value");
        mounted("first");

        cluster.stopOperator();
        try {
            cluster.pod(ns, "second", "api", "files");
            cluster.awaitEvent(ns, "second", "operator does not answer", "spec.offline");
        } finally {
            cluster.startOperator();
        }
        cluster.awaitRunning(ns, "second");
    }

    @Test
    void the_chart_uninstalled_and_installed_again_finds_everything() {
        cluster.vault(ns, ns, "{}");
        cluster.generated(ns, ns, "value");
        mounted("before");
        String value = cluster.file(ns, "before", "value");
        String values = Cluster.run(".kluis/bin/helm", "get", "values", "kluis", "-n", Cluster.SYSTEM, "-o", "json");

        Cluster.run(".kluis/bin/helm", "uninstall", "kluis", "-n", Cluster.SYSTEM, "--wait");
        assertThat(cluster.file(ns, "before", "value")).isEqualTo(value);
        assertThat(cluster.get("VaultSecret", ns, "value")).isNotNull();
        Cluster.run(
                ".kluis/bin/helm",
                "install",
                "kluis",
                "helm/kluis",
                "-n",
                Cluster.SYSTEM,
                "--wait",
                "--set-json",
                "operator=" + part(values, "operator"),
                "--set-json",
                "provider=" + part(values, "provider"));

        cluster.pod(ns, "after", "api", "files");
        cluster.awaitRunning(ns, "after");
        assertThat(cluster.file(ns, "after", "value")).isEqualTo(value);
    }

    @Test
    void attack_18_neither_force_nor_a_deleted_definition_ends_a_retention() {
        cluster.vault(ns, ns, "{purgeProtection: true}");
        cluster.generated(ns, ns, "value");
        mounted("before");
        String value = cluster.file(ns, "before", "value");
        Object version = version();

        kubectl("delete", "vaultsecret", "value", "-n", ns, "--force", "--grace-period=0");
        await().atMost(Cluster.LIMIT).until(() -> Integer.valueOf(1).equals(deletedObjects()));
        cluster.generated(ns, ns, "value");
        cluster.awaitReady("VaultSecret", ns, "value");
        assertThat(version()).isEqualTo(version);

        // Who administers the cluster can take the protection away, and the definition with all its resources.
        kubectl("delete", "validatingadmissionpolicybinding", "kluis-store", "--ignore-not-found");
        await().atMost(Cluster.LIMIT).ignoreExceptions().until(() -> {
            kubectl("delete", "customresourcedefinition", "vaultsecrets.kluis.dev", "--ignore-not-found");
            return true;
        });
        await().atMost(Cluster.LIMIT).until(() -> Integer.valueOf(1).equals(deletedObjects()));
        Cluster.run(
                ".kluis/bin/helm", "upgrade", "kluis", "helm/kluis", "-n", Cluster.SYSTEM, "--reuse-values", "--wait");
        await().atMost(Cluster.LIMIT).ignoreExceptions().until(() -> {
            cluster.generated(ns, ns, "value");
            return true;
        });
        cluster.awaitReady("VaultSecret", ns, "value");
        assertThat(version()).isEqualTo(version);
        mounted("after");
        assertThat(cluster.file(ns, "after", "value")).isEqualTo(value);
    }

    private static void kubectl(String... arguments) {
        var command = new ArrayList<>(List.of(".kluis/bin/kubectl", "--kubeconfig", ".kluis/kubeconfig"));
        command.addAll(List.of(arguments));
        Cluster.run(command.toArray(String[]::new));
    }

    private String part(String json, String key) {
        Map<?, ?> all = cluster.client().getKubernetesSerialization().unmarshal(json, Map.class);
        return cluster.client().getKubernetesSerialization().asJson(all.get(key));
    }

    @Test
    void attack_18_what_all_vaults_are_made_of_is_not_deleted_by_mistake() {
        var client = cluster.client();
        for (Runnable deletion : List.<Runnable>of(
                () -> client.namespaces().withName(Cluster.SYSTEM).delete(),
                () -> client.secrets()
                        .inNamespace(Cluster.SYSTEM)
                        .withName("kluis-root-key")
                        .delete(),
                () -> client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("records.store.kluis.dev")
                        .delete(),
                () -> client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("vaults.kluis.dev")
                        .delete())) {
            assertThatThrownBy(deletion::run)
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("every vault in this cluster is lost");
        }
    }

    @Test
    void a_vault_that_pods_mount_from_is_deleted_only_when_confirmed() {
        cluster.vault(ns, ns, "{}");
        cluster.generated(ns, ns, "value");
        mounted("user");
        await().atMost(Cluster.LIMIT).until(() -> cluster.status("Vault", ns, ns, "dependents") != null);

        assertThatThrownBy(() -> cluster.delete("Vault", ns, ns))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("Pod/" + ns + "/user")
                .hasMessageContaining("kluis.dev/confirm-delete=" + ns);
        cluster.annotate("Vault", ns, ns, "kluis.dev/confirm-delete", ns);
        cluster.delete("Vault", ns, ns);
    }
}
