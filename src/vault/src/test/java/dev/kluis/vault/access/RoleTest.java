package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.InvalidNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTest {

    private static Set<String> dataActions(Role role) {
        return role.actions().stream()
                .filter(action -> action.plane() == Action.Plane.DATA)
                .map(Action::id)
                .collect(Collectors.toSet());
    }

    @Test
    void the_twelve_roles_have_key_vaults_ids() {
        assertThat(Arrays.stream(Role.values()).map(role -> role.title() + " " + role.id()))
                .containsExactly(
                        "Administrator 00482a5a-887f-4fb3-b363-3b7fe8e74483",
                        "Secrets Officer b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
                        "Secrets User 4633458b-17de-408a-b874-0445c86b69e6",
                        "Crypto Officer 14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
                        "Crypto User 12338af0-0e69-4776-bea7-57ae8d297424",
                        "Crypto Service Encryption User e147488a-f6f5-4113-8e2d-b22465e65bf6",
                        "Crypto Service Release User 08bbd89e-9f13-488c-ac41-acfcb10c90ab",
                        "Certificates Officer a4417e6f-fecd-4de8-b567-7b0420556985",
                        "Certificate User db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
                        "Reader 21090545-7ca7-4776-b22c-e363652d74d2",
                        "Purge Operator a68e7c17-0ab2-4c09-9a58-125dae29748c",
                        "Data Access Administrator 8b54135c-b56d-4d72-a534-26097cfdc8d8");
    }

    @Test
    void an_administrator_has_every_data_action_and_neither_purges_nor_declares_vaults() {
        assertThat(dataActions(Role.ADMINISTRATOR)).hasSize(42);
        assertThat(Role.ADMINISTRATOR.actions())
                .doesNotContain(Action.VAULT_WRITE, Action.VAULT_DELETE, Action.VAULT_PURGE);
    }

    @Test
    void a_reader_sees_metadata_of_everything_and_uses_nothing() {
        assertThat(dataActions(Role.READER))
                .containsExactlyInAnyOrder(
                        "secrets/readMetadata/action",
                        "keys/read",
                        "keyrotationpolicies/read",
                        "certificates/read",
                        "certificatecas/read");
    }

    @Test
    void purging_vaults_and_giving_access_are_roles_without_any_data_action() {
        assertThat(dataActions(Role.PURGE_OPERATOR)).isEmpty();
        assertThat(Role.PURGE_OPERATOR.actions()).containsExactly(Action.VAULT_READ, Action.VAULT_PURGE);
        assertThat(dataActions(Role.DATA_ACCESS_ADMINISTRATOR)).isEmpty();
        assertThat(Role.DATA_ACCESS_ADMINISTRATOR.allows(Action.ASSIGNMENT_WRITE))
                .isTrue();
        assertThat(Role.DELEGABLE)
                .hasSize(8)
                .doesNotContain(Role.DATA_ACCESS_ADMINISTRATOR, Role.PURGE_OPERATOR, Role.CERTIFICATE_USER);
    }

    @ParameterizedTest
    @CsvSource({
        "SECRET_GET, SECRETS_USER",
        "SECRET_READ_METADATA, READER",
        "SECRET_SET, SECRETS_OFFICER",
        "KEY_READ, READER",
        "KEY_SIGN, CRYPTO_USER",
        "KEY_UNWRAP, CRYPTO_SERVICE_ENCRYPTION_USER",
        "KEY_RELEASE, CRYPTO_SERVICE_RELEASE_USER",
        "KEY_ROTATE, CRYPTO_OFFICER",
        "CERTIFICATE_CREATE, CERTIFICATES_OFFICER",
        "VAULT_PURGE, PURGE_OPERATOR"
    })
    void the_least_role_for_an_action_uses_least(Action action, Role least) {
        assertThat(Role.leastFor(action)).contains(least);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void every_line_of_a_role_means_something_and_no_role_lacks_a_line(Role role) {
        assertThat(role.dataActions())
                .allSatisfy(line -> assertThat(Action.matching(line)).isNotEmpty());
        assertThat(Role.ofTitle(role.title())).contains(role);
    }

    @Test
    void a_custom_role_has_the_data_actions_that_its_lines_mean() {
        assertThat(CustomRole.of("importer", List.of("secrets/setSecret/action", "*/read"))
                        .actions())
                .contains(Action.SECRET_SET, Action.KEY_READ, Action.CERTIFICATE_READ)
                .doesNotContain(Action.SECRET_GET, Action.VAULT_READ, Action.ASSIGNMENT_READ);
        assertThat(CustomRole.of("all", List.of("*")).actions()).hasSize(42);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secrets",
                "secrets/",
                "secrets/**",
                "*/*",
                "**",
                "secrets/get*",
                "SECRETS/*",
                "secrets/*/action",
                "read",
                "purge/action",
                "roleAssignments/write",
                "roleAssignments/*",
                "*/write/",
                "Microsoft.KeyVault/vaults/secrets/*",
                "secrets/getSecret/action ",
                "secrets//getSecret/action"
            })
    void what_means_no_data_action_is_refused(String line) {
        assertThatThrownBy(() -> CustomRole.of("custom", List.of("keys/read", line)))
                .isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reader",
                "administrator",
                "secrets-user",
                "secretsuser",
                "purge.operator",
                "Reader",
                "a b",
                "-a",
                "a-",
                "",
                "d\u0430ta"
            })
    void a_custom_role_neither_reads_like_a_built_in_one_nor_has_another_name_than_a_resource(String name) {
        assertThatThrownBy(() -> CustomRole.of(name, List.of("keys/read"))).isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void the_reference_has_every_role_as_it_is(Role role) throws IOException {
        assertThat(Files.readAllLines(Path.of("../../docs/reference/roles.md")))
                .contains("| `" + role.title() + "` | " + role.id() + " | "
                        + role.dataActions().stream()
                                .map(line -> "`" + line + "`, ")
                                .collect(Collectors.joining())
                                .replaceFirst(", $", " ")
                        + "|");
    }

    @Test
    void the_reference_has_every_permission_of_access_policies() throws IOException {
        var lines = Files.readAllLines(Path.of("../../docs/reference/roles.md"));
        for (String collection : List.of("secrets", "keys", "certificates")) {
            var line = lines.stream()
                    .filter(one -> one.startsWith("| `" + collection + "` | "))
                    .findFirst()
                    .orElseThrow();
            assertThat(line.substring(line.indexOf("` | ") + 4, line.length() - 2)
                            .split(", "))
                    .containsExactlyInAnyOrderElementsOf(PolicyPermissions.words(collection));
        }
    }
}
