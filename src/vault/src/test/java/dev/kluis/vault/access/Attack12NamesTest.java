package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack test 12: tricks with case, wildcards, separators, paths and look-alike letters in names and principals. */
class Attack12NamesTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Assignments assignments = new Assignments();

    private boolean allowed(Caller caller, String secret) {
        return assignments
                        .allowing(caller, Action.SECRET_GET, ObjectId.secret(VAULT, secret), NOW)
                        .isPresent()
                || assignments.anywhere(caller, Action.SECRET_GET, VAULT, NOW).isPresent();
    }

    private void give(Scope scope, Subject subject) {
        assignments.put(
                new Assignment("payments/x", VAULT, Role.SECRETS_USER, List.of(subject), scope, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*", "+", "/", ",", ".", "..", "%2e", "%2E%2E", "//", "a*", "*a", "a/b", "a,b", "a.b", "../a", "a//b",
                "a%2fb", " a", "a ", "a\n", "a\u0000", "", "\u0430", "\uff41", "\u212a", "\u017f", "\u0131", "a_b"
            })
    void attack_12_what_is_no_objects_name_is_refused_in_scopes_and_in_requests(String name) {
        assertThatThrownBy(() -> Scope.secrets(name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Scope.secretPrefixes(name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> ObjectId.secret(VAULT, name)).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void attack_12_object_names_fold_ascii_case_on_both_sides_and_nothing_else() {
        give(Scope.secrets("KEY"), new Subject.ServiceAccount("payments", "api"));
        var api = new Caller.ServiceAccount("payments", "api", "uid", Optional.empty());

        for (String same : List.of("key", "Key", "KEY")) {
            assertThat(assignments.allowing(api, Action.SECRET_GET, ObjectId.secret(VAULT, same), NOW))
                    .isPresent();
        }
        for (String other : List.of("key1", "ke", "-key", "key-")) {
            assertThat(assignments.allowing(api, Action.SECRET_GET, ObjectId.secret(VAULT, other), NOW))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ann",
                "ANN",
                "ann ",
                " ann",
                "ann*",
                "*",
                "+",
                "ann,bob",
                "ann/",
                "./ann",
                "../ann",
                "%61nn",
                "a.nn",
                "\u0430nn",
                "ann\u200b",
                "ann\u0000",
                "\uff41nn",
                "a\u0301nn",
                "",
                "system:serviceaccount:payments:ann"
            })
    void attack_12_a_principal_is_its_bytes(String name) {
        give(Scope.WHOLE_VAULT, new Subject.User("ann"));
        assertThat(allowed(new Caller.User(name, List.of("ann", name)), "a")).isFalse();

        give(Scope.WHOLE_VAULT, new Subject.User(name));
        assertThat(allowed(new Caller.User("ann", List.of(name)), "a")).isFalse();
        give(Scope.WHOLE_VAULT, new Subject.Group(name));
        assertThat(allowed(new Caller.User("ann", List.of("ann")), "a")).isFalse();
        assertThat(allowed(new Caller.ServiceAccount("payments", "ann", "uid", Optional.empty()), "a"))
                .isFalse();
    }

    @Test
    void attack_12_one_composed_and_one_decomposed_letter_are_two_names() {
        give(Scope.WHOLE_VAULT, new Subject.User("\u00e9lise"));
        assertThat(allowed(new Caller.User("\u00e9lise", List.of()), "a")).isTrue();
        assertThat(allowed(new Caller.User("e\u0301lise", List.of()), "a")).isFalse();
    }

    @Test
    void attack_12_kinds_of_subjects_do_not_stand_in_for_each_other() {
        var account = new Caller.ServiceAccount("payments", "api", "uid", Optional.empty());
        give(Scope.WHOLE_VAULT, new Subject.User("system:serviceaccount:payments:api"));
        assertThat(allowed(account, "a")).isFalse();
        give(Scope.WHOLE_VAULT, new Subject.Group("system:serviceaccount:payments:api"));
        assertThat(allowed(account, "a")).isFalse();
        give(Scope.WHOLE_VAULT, new Subject.ServiceAccount("payments", "api"));
        assertThat(allowed(new Caller.User("system:serviceaccount:payments:api", List.of("payments", "api")), "a"))
                .isFalse();
        // Where a name begins and a namespace ends cannot be moved.
        give(Scope.WHOLE_VAULT, new Subject.ServiceAccount("pay", "ments:api"));
        assertThat(allowed(account, "a")).isFalse();
        give(Scope.WHOLE_VAULT, new Subject.Group("system:serviceaccounts:pay"));
        assertThat(allowed(account, "a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "administrator",
                "ADMINISTRATOR",
                "Administrator ",
                "secrets user",
                "Secrets  User",
                "Secrets\u00a0User",
                "Secrets User*",
                "*",
                "S\u0435crets User",
                "Key Vault Administrator",
                "root"
            })
    void attack_12_a_role_is_its_title_exactly(String title) {
        assertThat(Role.ofTitle(title)).isEmpty();
    }

    @Test
    void attack_12_a_wildcard_in_a_custom_role_never_reaches_vaults_and_assignments() {
        for (String line : List.of("*", "*/read", "*/action", "*/delete", "*/write", "*/purge/action")) {
            assertThat(Action.matching(line)).allMatch(action -> action.plane() == Action.Plane.DATA);
        }
        assertThatThrownBy(() -> new CustomRole("mine", Set.of(Action.ASSIGNMENT_WRITE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
