package dev.kluis.helm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
        awaitInForce();
    }

    /** The API server takes a moment to know a policy and the kind of its parameters. */
    private static void awaitInForce() {
        String probe = ApiServer.shared().newNamespace("probe");
        var client = ApiServer.shared().client();
        apply(client, probe, "Vault", "guarded", "{accessAdministration: Restricted}");
        bind(probe, "editor", "edit-assignments-" + probe, "edit");
        try (var editor = ApiServer.shared().clientAs("editor")) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> outcome(editor, probe, "AccessAssignment", "probe", assignment("guarded", "Reader")),
                            said -> said.contains("accessAdministration: Restricted"));
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

    private void vaults() {
        var client = ApiServer.shared().client();
        apply(client, ns, "Vault", "guarded", "{accessAdministration: Restricted}");
        apply(client, ns, "Vault", "open", "{}");
        // What the API server's policy sees of Vaults comes by a watch of its own.
        as(
                "editor",
                "edit",
                editor -> await().atMost(Duration.ofSeconds(10))
                        .until(
                                () -> outcome(
                                        editor, ns, "AccessAssignment", "watched", assignment("guarded", "Reader")),
                                said -> said.contains("accessAdministration: Restricted")));
    }

    @Test
    void an_editor_gives_access_to_open_vaults_only() {
        vaults();
        as("editor", "edit", editor -> {
            assertThatCode(() -> apply(editor, ns, "AccessAssignment", "free", assignment("open", "Administrator")))
                    .doesNotThrowAnyException();
            refused(
                    () -> apply(editor, ns, "AccessAssignment", "mine", assignment("guarded", "Administrator")),
                    "takes the verb 'administer' or 'assign' on it");
            refused(
                    () -> apply(editor, ns, "VaultRole", "mine", "{dataActions: ['*']}"),
                    "takes the verb 'administer' on it");
        });
    }

    @Test
    void a_data_access_administrator_gives_the_eight_roles_and_touches_no_other() {
        vaults();
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
                        "takes the verb 'administer' on it");
            }
            refused(
                    () -> apply(delegate, ns, "AccessAssignment", "given", assignment("guarded", "Reader")),
                    "takes the verb 'administer' on it");
        });
    }

    @Test
    void an_administrator_gives_any_role_and_nobody_else_takes_it_away() {
        vaults();
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
                        "accessAdministration: Restricted"));
        as(
                "editor",
                "edit",
                editor -> refused(
                        () -> editor.genericKubernetesResources("kluis.dev/v1alpha1", "VaultRole")
                                .inNamespace(ns)
                                .withName("custom")
                                .delete(),
                        "accessAdministration: Restricted"));
    }
}
