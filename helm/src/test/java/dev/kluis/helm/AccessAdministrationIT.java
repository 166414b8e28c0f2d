package dev.kluis.helm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write assignments, as the chart's policy and roles have it on a real API server. */
class AccessAdministrationIT {

    private final String ns = ApiServer.shared().newNamespace("administration");

    @BeforeAll
    static void install(@TempDir Path folder) throws IOException {
        String rendered = Chart.copiedTo(folder).template().call();
        var client = ApiServer.shared().client();
        client.load(new ByteArrayInputStream(rendered.getBytes(StandardCharsets.UTF_8))).items().stream()
                .filter(object -> object.getMetadata().getName().equals("kluis-access-administration")
                        || (object.getKind().equals("ClusterRole")
                                && object.getMetadata().getName().endsWith("administrator")))
                .forEach(object -> client.resource(object).serverSideApply());
    }

    /** Labels a namespace and waits until the API server, which watches policies and namespaces, goes by it. */
    private static void restrict(String namespace) {
        ApiServer.shared()
                .client()
                .namespaces()
                .withName(namespace)
                .edit(one -> new NamespaceBuilder(one)
                        .editMetadata()
                        .addToLabels("kluis.dev/access-administration", "restricted")
                        .endMetadata()
                        .build());
        bind(namespace, "editor", "editor", "edit");
        try (var editor = ApiServer.shared().clientAs("editor")) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> outcome(
                                    editor,
                                    namespace,
                                    "AccessAssignment",
                                    // Another one each time: one that is there already may be applied again.
                                    "probe-" + UUID.randomUUID(),
                                    assignment("probe", "Reader")),
                            said -> said.contains("access administration is restricted"));
        }
    }

    private static String outcome(KubernetesClient client, String ns, String kind, String name, String spec) {
        try {
            apply(client, ns, kind, name, spec);
            return "applied";
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static HasMetadata apply(KubernetesClient client, String ns, String kind, String name, String spec) {
        GenericKubernetesResource resource = ApiServer.shared()
                .client()
                .getKubernetesSerialization()
                .unmarshal("""
                        apiVersion: kluis.dev/v1alpha1
                        kind: %s
                        metadata: {name: %s, namespace: %s}
                        spec: %s
                        """.formatted(kind, name, ns, spec), GenericKubernetesResource.class);
        return client.resource(resource)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build());
    }

    private static String assignment(String vault, String role) {
        return "{vaultRef: {name: " + vault + "}, role: " + role + ", subjects: [{kind: User, name: a}]}";
    }

    /** {@code edit} stands for a tenant's own role on the resources of this group. */
    private static void bind(String ns, String user, String name, String role) {
        var client = ApiServer.shared().client();
        if (role.equals("edit")) {
            client.load(new ByteArrayInputStream(
                            """
                            apiVersion: rbac.authorization.k8s.io/v1
                            kind: ClusterRole
                            metadata: {name: edit}
                            rules:
                              - apiGroups: [kluis.dev]
                                resources: [vaults, vaultsecrets, accessassignments, vaultroles]
                                verbs: [get, list, watch, create, update, patch, delete]
                            """.replace("name: edit", "name: test-edit").getBytes(StandardCharsets.UTF_8)))
                    .serverSideApply();
        }
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewRoleRef(
                                "rbac.authorization.k8s.io", "ClusterRole", role.equals("edit") ? "test-edit" : role)
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .serverSideApply();
    }

    private void as(String user, String role, Attempt attempt) {
        bind(ns, user, user, role);
        try (var client = ApiServer.shared().clientAs(user)) {
            attempt.with(client);
        }
    }

    private interface Attempt {
        void with(KubernetesClient client);
    }

    private static void refused(Runnable attempt, String message) {
        assertThatThrownBy(attempt::run)
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    @Test
    void an_editor_gives_access_where_the_namespace_does_not_restrict_it() {
        as(
                "editor",
                "edit",
                editor -> assertThatCode(() -> {
                            apply(editor, ns, "AccessAssignment", "free", assignment("open", "Administrator"));
                            apply(editor, ns, "VaultRole", "free", "{dataActions: ['*']}");
                        })
                        .doesNotThrowAnyException());
        restrict(ns);
        as("editor", "edit", editor -> {
            refused(
                    () -> apply(editor, ns, "AccessAssignment", "mine", assignment("guarded", "Administrator")),
                    "takes the verb 'administer' or 'assign' on the Vault 'guarded'");
            refused(
                    () -> apply(editor, ns, "VaultRole", "mine", "{dataActions: ['*']}"),
                    "takes the verb 'administer' on all its Vaults");
            // As it is, it may be applied again.
            apply(editor, ns, "AccessAssignment", "free", assignment("open", "Administrator"));
        });
    }

    @Test
    void who_administers_one_vault_gives_access_to_that_one_only() {
        restrict(ns);
        ApiServer.shared()
                .client()
                .load(new ByteArrayInputStream("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: test-administrator-of-one}
                        rules:
                          - {apiGroups: [kluis.dev], resources: [vaults], resourceNames: [one], verbs: [administer]}
                          - apiGroups: [kluis.dev]
                            resources: [accessassignments, vaultroles]
                            verbs: [get, create, patch]
                        """.getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
        as("of-one", "test-administrator-of-one", ofOne -> {
            apply(ofOne, ns, "AccessAssignment", "given", assignment("one", "Purge Operator"));
            refused(
                    () -> apply(ofOne, ns, "AccessAssignment", "other", assignment("other", "Purge Operator")),
                    "takes the verb 'administer' on the Vault 'other'");
            refused(
                    () -> apply(ofOne, ns, "VaultRole", "mine", "{dataActions: ['*']}"),
                    "takes the verb 'administer' on all its Vaults");
        });
    }

    @Test
    void a_data_access_administrator_gives_the_eight_roles_and_touches_no_other() {
        restrict(ns);
        apply(ApiServer.shared().client(), ns, "VaultRole", "custom", "{dataActions: ['*']}");
        apply(ApiServer.shared().client(), ns, "AccessAssignment", "given", assignment("guarded", "Purge Operator"));
        as("delegate", "kluis-data-access-administrator", delegate -> {
            for (String role : new String[] {
                "Administrator",
                "Certificates Officer",
                "Crypto Officer",
                "Crypto Service Encryption User",
                "Crypto User",
                "Reader",
                "Secrets Officer",
                "Secrets User"
            }) {
                apply(delegate, ns, "AccessAssignment", "given-by-delegate", assignment("guarded", role));
            }
            for (String role : new String[] {
                "Certificate User",
                "Crypto Service Release User",
                "Purge Operator",
                "Data Access Administrator",
                "custom"
            }) {
                refused(
                        () -> apply(delegate, ns, "AccessAssignment", "given-by-delegate", assignment("guarded", role)),
                        "takes the verb 'administer' on the Vault 'guarded'");
            }
            refused(
                    () -> apply(delegate, ns, "AccessAssignment", "given", assignment("guarded", "Reader")),
                    "takes the verb 'administer' on the Vault 'guarded'");
        });
    }

    @Test
    void an_administrator_gives_any_role_and_nobody_else_takes_it_away() {
        restrict(ns);
        as("chief", "kluis-administrator", chief -> {
            apply(chief, ns, "VaultRole", "custom", "{dataActions: ['secrets/*']}");
            apply(chief, ns, "AccessAssignment", "given", assignment("guarded", "custom"));
            apply(chief, ns, "AccessAssignment", "purger", assignment("guarded", "Purge Operator"));
        });
        as(
                "editor",
                "edit",
                editor -> refused(
                        () -> editor.genericKubernetesResources("kluis.dev/v1alpha1", "AccessAssignment")
                                .inNamespace(ns)
                                .withName("given")
                                .delete(),
                        "access administration is restricted"));
        as(
                "editor",
                "edit",
                editor -> refused(
                        () -> editor.genericKubernetesResources("kluis.dev/v1alpha1", "VaultRole")
                                .inNamespace(ns)
                                .withName("custom")
                                .delete(),
                        "access administration is restricted"));
    }
}
