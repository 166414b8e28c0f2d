package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.empty(), API);

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
        give("1", Role.SECRETS_USER, Scope.secrets("db-password"), Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "DB-Password"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "db-password2"))
                .isFalse();
    }

    @Test
    void it_ends_at_its_expiry() {
        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW), API);
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();

        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW.plusMillis(1)), API);
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isTrue();
    }

    @Test
    void a_change_and_a_removal_take_effect_at_once_and_leave_others_alone() {
        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.empty(), API);
        give("2", Role.READER, Scope.WHOLE_VAULT, Optional.empty(), API);
        give(
                "1",
                Role.SECRETS_USER,
                Scope.WHOLE_VAULT,
                Optional.empty(),
                new Subject.ServiceAccount("payments", "other"));

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
        give("1", Role.ADMINISTRATOR, Scope.WHOLE_VAULT, Optional.empty(), new Subject.Group("oidc:admins"));
        give("2", Role.SECRETS_OFFICER, Scope.WHOLE_VAULT, Optional.empty(), new Subject.User("ann"));

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
        give("1", Role.READER, Scope.WHOLE_VAULT, Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_READ_METADATA, "a"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "a")).isFalse();
        assertThat(Role.leastFor(Action.SECRET_GET)).contains(Role.SECRETS_USER);
    }

    @Test
    void a_prefix_covers_the_names_that_begin_with_it_and_no_others() {
        give("1", Role.SECRETS_USER, Scope.secretPrefixes("App-", "app-db-"), Optional.empty(), API);

        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "app-db-1"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "APP-"))
                .isTrue();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "app")).isFalse();
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "my-app-1"))
                .isFalse();
        assignments.remove("1");
        assertThat(allows(account("payments", "api"), Action.SECRET_GET, "app-db-1"))
                .isFalse();
    }

    @Test
    void the_groups_of_service_accounts_are_those_of_kubernetes() {
        give(
                "1",
                Role.SECRETS_USER,
                Scope.WHOLE_VAULT,
                Optional.empty(),
                new Subject.Group("system:serviceaccounts:a"));
        assertThat(allows(account("a", "x"), Action.SECRET_GET, "s")).isTrue();
        assertThat(allows(account("aa", "x"), Action.SECRET_GET, "s")).isFalse();

        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.empty(), new Subject.Group("system:serviceaccounts"));
        assertThat(allows(account("aa", "x"), Action.SECRET_GET, "s")).isTrue();
        assertThat(allows(new Caller.User("ann", List.of()), Action.SECRET_GET, "s"))
                .isFalse();
    }

    @Test
    void the_one_that_lasts_longest_is_named() {
        give("1", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW.plusSeconds(1)), API);
        give("2", Role.SECRETS_OFFICER, Scope.WHOLE_VAULT, Optional.of(NOW.plusSeconds(5)), API);
        give("3", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW), API);

        assertThat(allowing(Action.SECRET_GET)).contains("2");
        assignments.remove("2");
        assertThat(allowing(Action.SECRET_GET)).contains("1");
        assignments.remove("1");
        assertThat(allowing(Action.SECRET_GET)).isEmpty();
    }

    @Test
    void a_list_is_allowed_to_whoever_may_see_something_of_its_kind() {
        var names = new Scope.Names(Set.of("a"), Set.of());
        give("1", Role.ADMINISTRATOR, new Scope.Objects(Map.of("keys", names)), Optional.empty(), API);

        var api = account("payments", "api");
        assertThat(assignments.anywhere(api, Action.KEY_READ, VAULT, NOW)).isPresent();
        assertThat(assignments.anywhere(api, Action.SECRET_READ_METADATA, VAULT, NOW))
                .isEmpty();
        assertThat(assignments.anywhere(api, Action.ASSIGNMENT_READ, VAULT, NOW))
                .isEmpty();
        assertThat(assignments.anywhere(api, Action.CERTIFICATE_CONTACTS_WRITE, VAULT, NOW))
                .isEmpty();
    }

    @Test
    void where_policies_decide_assignments_wait_but_for_what_is_done_to_the_vault() {
        give("1", Role.ADMINISTRATOR, Scope.WHOLE_VAULT, Optional.empty(), API);
        var permissions = PolicyPermissions.of("access policy 1", Map.of("secrets", List.of("set")));
        assignments.usePolicies(
                VAULT,
                List.of(new Assignment("p1", VAULT, permissions, List.of(API), Scope.WHOLE_VAULT, Optional.empty())));

        assertThat(allowing(Action.SECRET_GET)).isEmpty();
        assertThat(allowing(Action.SECRET_SET)).contains("p1");
        assertThat(assignments.allowing(account("payments", "api"), Action.VAULT_READ, ObjectId.vault(VAULT), NOW))
                .isPresent();
        assignments.usePolicies(VAULT, List.of());
        assertThat(allowing(Action.SECRET_SET)).isEmpty();
        assignments.useRoles(VAULT);
        assertThat(allowing(Action.SECRET_GET)).contains("1");
    }

    /** Any order of changes ends in what the assignments that are left say one by one. */
    @Test
    void what_it_finds_is_what_a_search_of_all_assignments_finds() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        var random = new Random(seed);
        var all = new HashMap<String, Assignment>();
        var subjects = List.of(
                API,
                new Subject.ServiceAccount("payments", "other"),
                new Subject.Group("system:serviceaccounts:payments"),
                new Subject.Group("system:serviceaccounts"));
        var scopes = List.of(
                Scope.WHOLE_VAULT,
                Scope.secrets("a"),
                Scope.secrets("ab", "b"),
                Scope.secretPrefixes("a"),
                Scope.secretPrefixes("ab", "c"));
        for (int i = 0; i < 5_000; i++) {
            String id = "assignment-" + random.nextInt(12);
            if (random.nextInt(3) == 0) {
                all.remove(id);
                assignments.remove(id);
            } else {
                var assignment = new Assignment(
                        id,
                        VAULT,
                        List.of(Role.values()).get(random.nextInt(Role.values().length)),
                        List.of(subjects.get(random.nextInt(4)), subjects.get(random.nextInt(4))),
                        scopes.get(random.nextInt(scopes.size())),
                        random.nextBoolean() ? Optional.empty() : Optional.of(NOW.plusSeconds(random.nextInt(3) - 1)));
                all.put(id, assignment);
                assignments.put(assignment);
            }
            var caller = account(random.nextBoolean() ? "payments" : "else", random.nextBoolean() ? "api" : "other");
            var action = List.of(Action.values()).get(random.nextInt(Action.values().length));
            var object =
                    ObjectId.secret(VAULT, List.of("a", "ab", "abc", "b", "c1").get(random.nextInt(5)));
            var expected = all.values().stream()
                    .filter(one -> one.subjects().stream().anyMatch(Subject.of(caller)::contains))
                    .anyMatch(one -> one.allows(action, object, NOW));
            if (action.collection().filter("secrets"::equals).isPresent()) {
                assertThat(assignments.allowing(caller, action, object, NOW).isPresent())
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(expected);
            }
        }
    }

    private Optional<String> allowing(Action action) {
        return assignments
                .allowing(account("payments", "api"), action, ObjectId.secret(VAULT, "a"), NOW)
                .map(Assignment::id);
    }

    private void give(String id, Role role, Scope scope, Optional<Instant> expires, Subject subject) {
        assignments.put(new Assignment(id, VAULT, role, List.of(subject), scope, expires));
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
