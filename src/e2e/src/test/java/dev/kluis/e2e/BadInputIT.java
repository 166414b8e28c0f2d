package dev.kluis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.testkit.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a whole cluster can refuse. */
class BadInputIT {

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("bad");

    @BeforeEach
    void makeVault() {
        cluster.vault(ns, ns, "{}");
        cluster.serviceAccount(ns, "api");
    }

    @AfterEach
    void clean() {
        cluster.client().namespaces().withName(ns).delete();
    }

    private void refused(String objects, String... texts) {
        cluster.providerClassOf(ns, "files", ns, objects);
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitEvent(ns, "api", texts);
    }

    private static String alias(String alias) {
        return "[{objectName: value, objectType: secret, objectAlias: \"" + alias + "\"}]";
    }

    @Test
    void an_unknown_object_type_is_named_in_the_event() {
        refused("[{objectName: value, objectType: blob}]", "objectType of 'value' is 'blob'");
    }

    @Test
    void attack_06_a_file_name_that_leaves_the_mount_is_refused() {
        refused(alias("../../etc/passwd"), "'..'");
    }

    @Test
    void attack_06_an_absolute_file_name_is_refused() {
        refused(alias("/etc/passwd"), "is absolute");
    }

    @Test
    void attack_06_a_file_name_of_256_characters_is_refused() {
        refused(alias("x".repeat(256)), "longer than 255 bytes");
    }

    @Test
    void two_objects_of_one_file_name_are_refused() {
        refused(
                "[{objectName: a, objectType: secret, objectAlias: f}, {objectName: b, objectType: secret, objectAlias: f}]",
                "two objects have the file name 'f'");
    }

    @Test
    void no_object_at_all_is_refused() {
        refused("[]", "names no object");
    }

    @Test
    void a_vault_that_is_not_there_reads_as_one_that_is_not_allowed() {
        cluster.providerClass(ns, "files", "nowhere", "value");
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitEvent(ns, "api", ns + "/nowhere/secrets/value", "may not", "or it is not there");
    }

    @Test
    void a_secretKeyRef_without_the_role_binding_says_the_command_that_allows_it() {
        cluster.secret(ns, "old", "imported");
        cluster.importOf(ns, ns, "old");

        String message = cluster.awaitCondition("VaultSecret", ns, "old", "Stalled", "True");
        assertThat(message)
                .contains("kubectl create rolebinding kluis-secret-access --namespace " + ns
                        + " --clusterrole kluis-secret-access --serviceaccount kluis-system:kluis-operator");
        cluster.allowImport(ns);
        cluster.awaitReady("VaultSecret", ns, "old");
    }

    @Test
    void attack_01_a_secretKeyRef_to_what_its_author_may_not_read_is_refused_at_apply() {
        cluster.allowImport(ns);
        cluster.secret(ns, "theirs", "not yours");
        cluster.apply(ns, """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: author}
                rules: [{apiGroups: [kluis.dev], resources: [vaultsecrets], verbs: [create, get, patch]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: author}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: author}
                subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: author}]
                """);
        var config = new ConfigBuilder(cluster.client().getConfiguration())
                .withImpersonateUsername("author")
                .build();
        GenericKubernetesResource secret = cluster.client()
                .getKubernetesSerialization()
                .unmarshal("""
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: theirs, namespace: %1$s}
                spec:
                  vaultRef: {name: %1$s}
                  source: {secretKeyRef: {name: theirs, key: value}}
                """.formatted(ns), GenericKubernetesResource.class);

        try (var author = new KubernetesClientBuilder().withConfig(config).build()) {
            assertThatThrownBy(() -> author.resource(secret).create())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("names the Secret 'theirs', and you may not get it yourself");
        }
        assertThat(cluster.get("VaultSecret", ns, "theirs")).isNull();
    }
}
