package dev.kluis.operator.access;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessAssignmentIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("access");
    private final String name = "v" + ns.substring(ns.length() - 8);

    private String spec(String more) {
        return "vaultRef: {name: " + name + "}\nrole: Secrets User\nsubjects: [{kind: ServiceAccount, name: api}]\n"
                + more;
    }

    @Test
    void an_assignment_in_force_shows_the_id_of_its_role() {
        operator.awaitReady(operator.vault(ns, name));
        var assignment = operator.awaitReady(operator.assignment(ns, "api", spec("")));

        // Azure's id of Key Vault Secrets User.
        assertThat(assignment.getStatus().roleId).isEqualTo("4633458b-17de-408a-b874-0445c86b69e6");
        assertThat(condition(assignment, "Ready")).isEqualTo("True");
    }

    @Test
    void it_waits_for_its_vault() {
        var early = operator.awaitReason(operator.assignment(ns, "api", spec("")), "VaultNotFound");
        assertThat(message(early)).contains("apply a Vault of this name");

        operator.vault(ns, name);
        operator.awaitReady(early);
    }

    @Test
    void one_that_has_expired_says_so() {
        operator.awaitReady(operator.vault(ns, name));
        var expired =
                operator.awaitReason(operator.assignment(ns, "api", spec("expires: 2020-01-01T00:00:00Z")), "Expired");
        assertThat(condition(expired, "Stalled")).isEqualTo("True");
    }

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private Caller api() {
        return new Caller.ServiceAccount(ns, "api", "uid", Optional.empty());
    }

    /** What the door says to a read of a secret that is not there: that, or that it may not be read. */
    private VaultException.Code read(Caller caller, String secret) {
        var id = ObjectId.secret(new VaultId(ns, name), secret);
        try {
            operator.kluis()
                    .vault()
                    .orElseThrow()
                    .execute(caller, new SecretGet(id, Optional.empty(), Optional.empty()));
            throw new AssertionError("there is no such secret");
        } catch (VaultException e) {
            return e.code();
        }
    }

    private void awaitRead(Code expected) {
        await().atMost(AT_ONCE).pollInterval(Duration.ofMillis(10)).until(() -> read(api(), "a") == expected);
    }

    private VaultRole role(String role, String actions) {
        return operator.apply(VaultRole.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultRole
                metadata: {name: %s}
                spec: {dataActions: [%s]}
                """.formatted(role, actions));
    }

    @Test
    void a_role_that_is_not_there_allows_nothing_until_it_is_and_changes_at_the_next_request() {
        operator.awaitReady(operator.vault(ns, name));
        var assignment = operator.awaitReason(
                operator.assignment(ns, "api", spec("").replace("Secrets User", "getter")), "RoleNotFound");
        assertThat(condition(assignment, "Stalled")).isEqualTo("True");
        assertThat(read(api(), "a")).isEqualTo(Code.FORBIDDEN);

        var role = operator.awaitReady(role("getter", "secrets/getSecret/action"));
        assertThat(role.getStatus().dataActions).containsExactly("secrets/getSecret/action");
        awaitRead(Code.NOT_FOUND);
        operator.awaitReady(assignment);

        role("getter", "keys/*");
        awaitRead(Code.FORBIDDEN);
        role("getter", "secrets/*");
        awaitRead(Code.NOT_FOUND);
        operator.delete(role);
        awaitRead(Code.FORBIDDEN);
        operator.awaitReason(assignment, "RoleNotFound");
    }

    @Test
    void a_role_of_another_namespace_is_none() {
        String other = ApiServer.shared().newNamespace("access");
        operator.apply(VaultRole.class, other, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultRole
                metadata: {name: elsewhere}
                spec: {dataActions: ['*']}
                """);
        operator.awaitReady(operator.vault(ns, name));
        operator.awaitReason(
                operator.assignment(ns, "api", spec("").replace("Secrets User", "elsewhere")), "RoleNotFound");
        assertThat(read(api(), "a")).isEqualTo(Code.FORBIDDEN);
    }

    @Test
    void a_scope_of_a_prefix_and_the_group_of_a_namespaces_accounts_hold_at_the_door() {
        operator.awaitReady(operator.vault(ns, name));
        operator.awaitReady(operator.assignment(
                ns,
                "group",
                "vaultRef: {name: " + name + "}\nrole: Secrets User\n"
                        + "subjects: [{kind: Group, name: 'system:serviceaccounts:" + ns + "'}]\n"
                        + "scope: {secretPrefixes: [App-], keys: [x]}"));

        assertThat(read(api(), "app-1")).isEqualTo(Code.NOT_FOUND);
        assertThat(read(api(), "other")).isEqualTo(Code.FORBIDDEN);
        assertThat(read(new Caller.ServiceAccount(ns + "x", "api", "uid", Optional.empty()), "app-1"))
                .isEqualTo(Code.FORBIDDEN);
    }

    @Test
    void access_policies_decide_where_the_vault_says_so_and_assignments_wait_for_the_day_they_do_not() {
        operator.awaitReady(operator.vault(ns, name));
        var assignment = operator.awaitReady(operator.assignment(ns, "api", spec("")));
        awaitRead(Code.NOT_FOUND);

        policies("permissionModel: AccessPolicy");
        awaitRead(Code.FORBIDDEN);
        operator.awaitReason(assignment, "OtherPermissionModel");

        policies("permissionModel: AccessPolicy\naccessPolicies:\n"
                + "- {subjects: [{kind: ServiceAccount, name: api}], permissions: {secrets: [get, list]}}");
        awaitRead(Code.NOT_FOUND);
        policies("permissionModel: AccessPolicy\naccessPolicies:\n"
                + "- {subjects: [{kind: ServiceAccount, name: api}], permissions: {secrets: [list]}}");
        awaitRead(Code.FORBIDDEN);

        var vault = policies("permissionModel: RBAC");
        awaitRead(Code.NOT_FOUND);
        operator.awaitReady(assignment);
        assertThat(operator.awaitReady(vault).getStatus().permissionModel).isEqualTo("RBAC");
    }

    private Vault policies(String spec) {
        return operator.apply(Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec:
                %s
                """.formatted(name, spec.indent(2)));
    }
}
