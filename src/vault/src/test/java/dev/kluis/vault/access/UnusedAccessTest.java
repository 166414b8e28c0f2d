package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.VaultId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnusedAccessTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");
    private static final Subject API = new Subject.ServiceAccount("payments", "api");

    private static Assignment assignment(RoleDefinition role, Scope scope, Subject... subjects) {
        return new Assignment("payments/api", VAULT, role, List.of(subjects), scope, Optional.empty());
    }

    private static Use use(String operation, String object) {
        return use(operation, object, "system:serviceaccount:payments:api");
    }

    private static Use use(String operation, String object, String caller) {
        return Use.of(
                "payments/api",
                caller,
                operation,
                object.isEmpty() ? "payments/payments" : "payments/payments/secrets/" + object);
    }

    @Test
    void an_officer_who_only_reads_one_secret_is_proposed_to_be_a_user_of_it() {
        var unused = UnusedAccess.of(
                assignment(Role.SECRETS_OFFICER, Scope.WHOLE_VAULT, API, new Subject.User("a\"b\n- {kind: User}")),
                List.of(use("SecretGet", "db"), use("SecretGetMetadata", "db")));

        assertThat(unused.actions())
                .contains(Action.SECRET_SET, Action.SECRET_PURGE)
                .doesNotContain(Action.SECRET_GET, Action.SECRET_READ_METADATA);
        assertThat(unused.subjects()).hasSize(1);
        assertThat(unused.proposal()).contains("""
                ---
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {namespace: "payments", name: "api"}
                spec:
                  vaultRef: {name: "payments"}
                  role: "Secrets User"
                  subjects:
                    - {kind: ServiceAccount, name: "api"}
                  scope:
                    secrets: ["db"]
                """);
    }

    @Test
    void what_no_built_in_role_fits_becomes_a_role_of_its_own() {
        var unused = UnusedAccess.of(
                assignment(Role.SECRETS_OFFICER, Scope.secretPrefixes("app-"), API),
                List.of(use("SecretSet", "app-1"), use("SecretDelete", "app-2")));

        assertThat(unused.proposal().orElseThrow())
                .contains("kind: VaultRole", "name: \"api-used\"", "role: \"api-used\"")
                .contains("- \"secrets/setSecret/action\"", "- \"secrets/delete\"", "secrets: [\"app-1\", \"app-2\"]")
                .doesNotContain("getSecret");
    }

    @Test
    void what_nobody_used_is_proposed_to_go() {
        assertThat(UnusedAccess.of(assignment(Role.SECRETS_USER, Scope.WHOLE_VAULT, API), List.of())
                        .proposal())
                .contains("# payments/api was not used at all: kubectl -n payments delete accessassignment api\n");
    }

    @Test
    void an_operation_that_is_not_known_here_counts_as_everything() {
        var unused = UnusedAccess.of(
                assignment(Role.SECRETS_OFFICER, Scope.secrets("db"), API), List.of(use("SecretTeleport", "db")));
        assertThat(unused.any()).isFalse();
    }

    @Test
    void a_group_counts_as_used_where_the_audit_cannot_tell_by_whom() {
        var team = new Subject.Group("team");
        assertThat(UnusedAccess.of(
                                assignment(Role.SECRETS_USER, Scope.WHOLE_VAULT, API, team),
                                List.of(use("SecretGet", "db", "ann")))
                        .subjects())
                .containsExactly(API);
        assertThat(UnusedAccess.of(
                                assignment(Role.SECRETS_USER, Scope.WHOLE_VAULT, API, team),
                                List.of(use("SecretGet", "db")))
                        .subjects())
                .containsExactly(team);
    }

    @Test
    void a_list_of_the_vault_uses_metadata_and_narrows_no_scope() {
        var unused =
                UnusedAccess.of(assignment(Role.SECRETS_USER, Scope.WHOLE_VAULT, API), List.of(use("SecretList", "")));
        assertThat(unused.actions()).containsExactly(Action.SECRET_GET);
        assertThat(unused.smaller()).isEmpty();
    }

    @Test
    void what_the_audit_does_not_tell_of_is_not_taken_for_unused() {
        var unused = UnusedAccess.of(assignment(Role.DATA_ACCESS_ADMINISTRATOR, Scope.WHOLE_VAULT, API), List.of());
        assertThat(unused.actions()).containsExactly(Action.VAULT_READ);
        assertThat(unused.proposal()).isEmpty();

        var administrator = UnusedAccess.of(
                assignment(Role.ADMINISTRATOR, Scope.WHOLE_VAULT, API), List.of(use("SecretGet", "db")));
        assertThat(administrator.actions()).contains(Action.SECRET_SET).doesNotContain(Action.ASSIGNMENT_WRITE);
        assertThat(administrator.smaller()).isEmpty();
        assertThat(administrator.proposal()).isEmpty();
    }
}
