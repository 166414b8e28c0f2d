package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignmentsTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Subject API = new Subject.ServiceAccount("payments", "api");

    private final Assignments assignments = new Assignments();

    @Test
    void nothing_is_allowed_without_an_assignment() {
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();
    }

    @Test
    void an_assignment_allows_what_its_role_does_to_its_subject_in_its_vault_only() {
        give("1", Role.SECRETS_USER, Set.of(), Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_SET, "a")).isFalse();
        assertThat(allows(account("payments", "API"), Action.SECRET_GET, "a")).isFalse();
        assertThat(allows(account("checkout", "api"), Action.SECRET_GET, "a")).isFalse();
        assertThat(assignments.allowing(
                        account("payments", "api"),
                        Action.SECRET_GET,
                        ObjectId.secret(new VaultId("payments", "others"), "a"),
                        NOW))
                .isEmpty();
    }

    @Test
    void a_scope_limits_it_to_the_named_secrets_in_any_case() {
        give("1", Role.SECRETS_USER, Set.of("db-password"), Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "DB-Password"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "db-password2"))
                .isFalse();
    }

    @Test
    void it_ends_at_its_expiry() {
        give("1", Role.SECRETS_USER, Set.of(), Optional.of(NOW), API);
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();

        give("1", Role.SECRETS_USER, Set.of(), Optional.of(NOW.plusMillis(1)), API);
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isTrue();
    }

    @Test
    void a_change_and_a_removal_take_effect_at_once_and_leave_others_alone() {
        give("1", Role.SECRETS_USER, Set.of(), Optional.empty(), API);
        give("2", Role.READER, Set.of(), Optional.empty(), API);
        give("1", Role.SECRETS_USER, Set.of(), Optional.empty(), new Subject.ServiceAccount("payments", "other"));

        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();
        assertThat(allows(account("payments", "api"), Action.SECRET_READ_METADATA, "a"))
                .isTrue();
        assertThat(allows(account("payments", "other"), Action.SECRET_GET, "a")).isTrue();
        assignments.remove("1");
        assignments.remove("1");
        assertThat(allows(account("payments", "other"), Action.SECRET_GET, "a")).isFalse();
    }

    @Test
    void groups_and_users_are_found_by_exactly_their_names() {
        give("1", Role.ADMINISTRATOR, Set.of(), Optional.empty(), new Subject.Group("oidc:admins"));
        give("2", Role.SECRETS_OFFICER, Set.of(), Optional.empty(), new Subject.User("ann"));

        assertThat(allows(new Caller.User("bob", List.of("oidc:admins")), Action.SECRET_PURGE, "a"))
                .isTrue();
        assertThat(allows(new Caller.User("oidc:admins", List.of()), Action.SECRET_PURGE, "a"))
                .isFalse();
        assertThat(allows(new Caller.User("ann", List.of()), Action.SECRET_SET, "a"))
                .isTrue();
        assertThat(allows(new Caller.User("ann ", List.of()), Action.SECRET_SET, "a"))
                .isFalse();
    }

    @Test
    void a_reader_sees_metadata_and_no_value() {
        give("1", Role.READER, Set.of(), Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_READ_METADATA, "a"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();
        assertThat(Role.leastFor(Action.SECRET_GET)).contains(Role.SECRETS_USER);
    }

    private void give(String id, Role role, Set<String> secrets, Optional<Instant> expires, Subject subject) {
        assignments.put(new Assignment(id, VAULT, role, List.of(subject), secrets, expires));
    }

    private boolean allows(Caller caller, Action action, String secret) {
        return assignments
                .allowing(caller, action, ObjectId.secret(VAULT, secret), NOW)
                .isPresent();
    }

    private static Caller account(String namespace, String name) {
        return new Caller.ServiceAccount(namespace, name, "uid", Optional.empty());
    }
}
