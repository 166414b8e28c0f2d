package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.AccessQuestions.Obstacle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessQuestionsTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller API = account("payments", "api");
    private static final Caller AUDITOR = new Caller.User("ann", List.of("auditors"));
    private static final ObjectId DB = ObjectId.secret(VAULT, "db");

    private final Assignments assignments = new Assignments();
    private final AccessQuestions questions = new AccessQuestions(assignments, () -> NOW);

    private static Caller account(String namespace, String name) {
        return new Caller.ServiceAccount(namespace, name, "uid", Optional.empty());
    }

    private void give(String id, RoleDefinition role, Scope scope, Optional<Instant> expires, Subject... subjects) {
        assignments.put(new Assignment("payments/" + id, VAULT, role, List.of(subjects), scope, expires));
    }

    private void giveApi(String id, RoleDefinition role, Scope scope) {
        give(id, role, scope, Optional.empty(), new Subject.ServiceAccount("payments", "api"));
    }

    private void letAuditorsAsk() {
        give("auditors", Role.READER, Scope.WHOLE_VAULT, Optional.empty(), new Subject.Group("auditors"));
    }

    @Test
    void what_is_allowed_is_explained_by_the_assignment_that_allows_it() {
        giveApi("api", Role.SECRETS_USER, Scope.secrets("db"));

        var why = questions.why(API, API, Action.SECRET_GET, DB);
        assertThat(why.allowed()).isTrue();
        assertThat(why.text())
                .isEqualTo("system:serviceaccount:payments:api may secrets/getSecret/action on"
                        + " secrets/db of vault 'payments': payments/api gives 'Secrets User'");
        assertThat(questions.canI(API, Action.SECRET_GET, DB)).isTrue();
        assertThat(questions.canI(API, Action.SECRET_SET, DB)).isFalse();
    }

    @Test
    void what_is_refused_is_explained_by_what_came_near_and_what_it_lacks() {
        giveApi("scope", Role.SECRETS_USER, Scope.secretPrefixes("app-"));
        giveApi("role", Role.SECRETS_OFFICER, Scope.secrets("other"));
        give("expired", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW), new Subject.Group("nobody"));
        give(
                "end",
                Role.SECRETS_USER,
                Scope.WHOLE_VAULT,
                Optional.of(NOW),
                new Subject.ServiceAccount("payments", "api"));
        letAuditorsAsk();

        var why = questions.why(AUDITOR, API, Action.SECRET_GET, DB);
        assertThat(why.allowed()).isFalse();
        assertThat(why.nearest().stream().map(near -> near.assignment().id() + " " + near.obstacles()))
                .containsExactly(
                        "payments/end [EXPIRED]",
                        "payments/role [SCOPE]",
                        "payments/scope [SCOPE]",
                        "payments/auditors [ROLE, SUBJECT]",
                        "payments/expired [EXPIRED, SUBJECT]");
        assertThat(why.text())
                .contains("may not secrets/getSecret/action")
                .contains("payments/end ('Secrets User'): it has expired");
    }

    @Test
    void attack_02_who_asks_about_himself_learns_of_assignments_to_himself_only() {
        giveApi("api", Role.READER, Scope.secrets("db"));
        give("ann", Role.SECRETS_OFFICER, Scope.WHOLE_VAULT, Optional.empty(), new Subject.User("ann"));

        var why = questions.why(API, API, Action.SECRET_GET, DB);
        assertThat(why.nearest()).extracting(near -> near.assignment().id()).containsExactly("payments/api");
        assertThat(why.nearest().getFirst().obstacles()).containsExactly(Obstacle.ROLE);
        assertThat(why.text()).doesNotContain("ann");
    }

    @Test
    void attack_02_a_vault_that_is_not_there_and_one_that_is_anothers_read_alike() {
        letAuditorsAsk();
        var there = refusal(VAULT);
        var absent = refusal(new VaultId("payments", "absent"));
        assertThat(absent).isEqualTo(there.replace("vault 'payments'", "vault 'absent'"));
    }

    private String refusal(VaultId vault) {
        try {
            questions.whoCan(API, Action.SECRET_GET, ObjectId.secret(vault, "db"));
            return "answered";
        } catch (VaultException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void only_who_may_read_assignments_asks_about_others() {
        giveApi("api", Role.SECRETS_OFFICER, Scope.WHOLE_VAULT);
        for (var question : List.<Runnable>of(
                () -> questions.why(API, AUDITOR, Action.SECRET_GET, DB),
                () -> questions.whoCan(API, Action.SECRET_GET, DB),
                () -> questions.unused(API, VAULT, List.of()),
                () -> questions.report(API, VAULT))) {
            assertThatThrownBy(question::run)
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("may not roleAssignments/read on vault 'payments'");
        }
        // A claim to be in more groups than he is makes him another.
        assertThatThrownBy(() -> questions.why(
                        new Caller.User("bob", List.of()),
                        new Caller.User("bob", List.of("auditors")),
                        Action.SECRET_GET,
                        DB))
                .isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> questions.why(new Caller.Clockwork(), new Caller.Clockwork(), Action.SECRET_GET, DB))
                .isInstanceOf(VaultException.class);
        // Nor does a role on some objects do.
        give("narrow", Role.ADMINISTRATOR, Scope.secrets("db"), Optional.empty(), new Subject.User("bob"));
        assertThatThrownBy(() -> questions.whoCan(new Caller.User("bob", List.of()), Action.SECRET_GET, DB))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void who_can_names_every_subject_with_its_assignment() {
        letAuditorsAsk();
        giveApi("api", Role.SECRETS_USER, Scope.secrets("db"));
        giveApi("other", Role.SECRETS_USER, Scope.secrets("other"));
        give("end", Role.SECRETS_USER, Scope.WHOLE_VAULT, Optional.of(NOW), new Subject.User("late"));
        give(
                "team",
                Role.SECRETS_OFFICER,
                Scope.WHOLE_VAULT,
                Optional.empty(),
                new Subject.Group("a"),
                new Subject.User("b"));

        assertThat(questions.whoCan(AUDITOR, Action.SECRET_GET, DB).stream()
                        .map(holder ->
                                holder.subject() + " by " + holder.assignment().id()))
                .containsExactly(
                        "Group a by payments/team",
                        "ServiceAccount payments/api by payments/api",
                        "User b by payments/team");
    }
}
