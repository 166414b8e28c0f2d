package dev.kluis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.testkit.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MountIT {

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("mount");
    private final String vault = ns;

    @BeforeEach
    void makeVault() {
        cluster.vault(ns, vault, "{}");
        cluster.serviceAccount(ns, "api");
        cluster.serviceAccount(ns, "web");
    }

    @AfterEach
    void clean() {
        cluster.client().namespaces().withName(ns).delete();
    }

    @Test
    void the_file_is_what_the_vault_holds() {
        cluster.imported(ns, vault, "db-password", "correct horse battery staple");
        cluster.assign(ns, vault, "api", "db-password");
        cluster.providerClassOf(ns, "files", vault, """
                array:
                  - |
                    objectName: db-password
                    objectType: secret
                    objectAlias: db/password
                    filePermission: "0440"
                """);
        cluster.pod(ns, "api", "api", "files");

        cluster.awaitRunning(ns, "api");

        assertThat(cluster.file(ns, "api", "db/password")).isEqualTo("correct horse battery staple");
        assertThat(cluster.exec(ns, "api", "stat", "-L", "-c", "%a", "/secrets/db/password"))
                .isEqualTo("440\n");
    }

    @Test
    void two_pods_with_two_identities_see_only_their_own() {
        cluster.imported(ns, vault, "of-api", "the value of api");
        cluster.imported(ns, vault, "of-web", "the value of web");
        cluster.assign(ns, vault, "api", "of-api");
        cluster.assign(ns, vault, "web", "of-web");
        cluster.providerClass(ns, "of-api", vault, "of-api");
        cluster.providerClass(ns, "of-web", vault, "of-web");
        cluster.pod(ns, "api", "api", "of-api");
        cluster.pod(ns, "web", "web", "of-web");
        cluster.pod(ns, "thief", "web", "of-api");

        cluster.awaitRunning(ns, "api");
        cluster.awaitRunning(ns, "web");
        assertThat(cluster.file(ns, "api", "of-api")).isEqualTo("the value of api");
        assertThat(cluster.file(ns, "web", "of-web")).isEqualTo("the value of web");
        cluster.awaitEvent(ns, "thief", "system:serviceaccount:" + ns + ":web", "of-api");
        assertThat(cluster.exec(ns, "web", "ls", "/secrets")).isEqualTo("of-web\n");
    }

    @Test
    void a_pod_without_an_assignment_waits_and_says_why_and_starts_by_itself_once_there_is_one() {
        cluster.generated(ns, vault, "db-password");
        cluster.providerClass(ns, "files", vault, "db-password");
        cluster.pod(ns, "api", "api", "files");

        cluster.awaitEvent(
                ns,
                "api",
                "system:serviceaccount:" + ns + ":api",
                ns + "/" + vault + "/secrets/db-password",
                "AccessAssignment",
                "'Secrets User'");
        cluster.assign(ns, vault, "api", "db-password");

        cluster.awaitRunning(ns, "api");
        assertThat(cluster.file(ns, "api", "db-password")).hasSize(24);
    }

    @Test
    void a_new_version_is_in_the_running_pod_without_a_restart() {
        cluster.generated(ns, vault, "token");
        cluster.assign(ns, vault, "api", "token");
        cluster.providerClass(ns, "files", vault, "token");
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitRunning(ns, "api");
        String before = cluster.file(ns, "api", "token");

        cluster.annotate("VaultSecret", ns, "token", "kluis.dev/rotate", "1");

        org.awaitility.Awaitility.await()
                .atMost(Cluster.LIMIT)
                .until(() -> !cluster.file(ns, "api", "token").equals(before));
        var pod = cluster.client().pods().inNamespace(ns).withName("api").get();
        assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                .isZero();
        assertThat(cluster.file(ns, "api", "token")).hasSize(24);
    }

    @Test
    void a_pod_of_another_namespace_mounts_what_it_was_given() {
        String other = cluster.newNamespace("other");
        cluster.imported(ns, vault, "shared", "for two namespaces");
        cluster.serviceAccount(other, "reader");
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: reader}
                spec:
                  vaultRef: {name: %s}
                  role: Secrets User
                  subjects: [{kind: ServiceAccount, name: reader, namespace: %s}]
                """.formatted(vault, other));
        cluster.apply(other, """
                apiVersion: secrets-store.csi.x-k8s.io/v1
                kind: SecretProviderClass
                metadata: {name: files}
                spec:
                  provider: kluis
                  parameters:
                    keyvaultName: %s
                    keyvaultNamespace: %s
                    objects: "[{objectName: shared, objectType: secret}]"
                """.formatted(vault, ns));
        cluster.pod(other, "reader", "reader", "files");

        cluster.awaitRunning(other, "reader");

        assertThat(cluster.file(other, "reader", "shared")).isEqualTo("for two namespaces");
        cluster.client().namespaces().withName(other).delete();
    }
}
