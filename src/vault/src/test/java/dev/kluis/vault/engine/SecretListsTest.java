package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.account;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.RecoveryLevel;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectLists.Page;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretPatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretListsTest {

    private final Engine engine = new Engine().withVault();

    private static List<String> names(Page<ObjectView> page) {
        return page.entries().stream().map(view -> view.id().name()).toList();
    }

    private Page<ObjectView> list(int limit, Optional<String> page) {
        return engine.as(Role.READER, new ObjectList(PAYMENTS, ObjectKind.SECRET, limit, page));
    }

    @Test
    void pages_follow_the_names_and_end_without_atoken() {
        for (String name : List.of("c", "A", "b", "e", "d")) {
            engine.put(name, "value");
        }
        var all = new ArrayList<String>();
        var page = list(2, Optional.empty());
        all.addAll(names(page));
        while (page.next().isPresent()) {
            page = list(2, page.next());
            all.addAll(names(page));
        }
        assertThat(all).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void a_page_follows_where_the_one_before_ended_whatever_became_of_its_last_secret() {
        for (String name : List.of("a", "b", "c")) {
            engine.put(name, "value");
        }
        var first = list(2, Optional.empty());
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("b")));
        engine.put("aa", "value");
        assertThat(names(list(2, first.next()))).containsExactly("c");
    }

    @Test
    void deleted_secrets_are_in_their_own_list_only_with_their_dates() {
        engine.put("a", "value");
        engine.put("b", "value");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        assertThat(names(list(25, Optional.empty()))).containsExactly("b");
        var deleted = engine.as(Role.READER, new ObjectListDeleted(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty()));
        assertThat(names(deleted)).containsExactly("a");
        assertThat(deleted.entries().getFirst().state().lifecycle())
                .isEqualTo(new Lifecycle.Deleted(engine.now, engine.now.plus(Duration.ofDays(90))));
    }

    @Test
    void a_list_shows_what_the_caller_may_see_and_nothing_else() {
        for (String name : List.of("a", "b", "c")) {
            engine.put(name, "value");
        }
        engine.assignments.put(new Assignment(
                "payments/only-b",
                PAYMENTS,
                Role.SECRETS_USER,
                List.of(new Subject.ServiceAccount("payments", "only-b")),
                Scope.secrets("b"),
                Optional.empty()));
        var page = engine.vault.execute(
                account("payments", "only-b"), new ObjectList(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty()));
        assertThat(names(page)).containsExactly("b");
        assertThat(page.next()).isEmpty();
    }

    @Test
    void who_may_see_nothing_is_refused() {
        engine.put("a", "value");
        assertThatThrownBy(() -> engine.vault.execute(
                        account("payments", "nobody"),
                        new ObjectList(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty())))
                .isInstanceOf(VaultException.class)
                .extracting(e -> ((VaultException) e).code())
                .isEqualTo(VaultException.Code.FORBIDDEN);
    }

    @Test
    void what_is_no_token_of_alist_is_refused() {
        engine.put("a", "value");
        for (String token : List.of("", "*", "Li4vLi4", "YQ==YQ", "w".repeat(600))) {
            assertThatThrownBy(() -> list(25, Optional.of(token)))
                    .as(token)
                    .isInstanceOf(VaultException.class)
                    .extracting(e -> ((VaultException) e).code())
                    .isEqualTo(VaultException.Code.BAD_PARAMETER);
        }
    }

    @Test
    void a_page_has_one_to_500entries() {
        for (int limit : new int[] {-1, 0, 501, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> list(limit, Optional.empty())).hasMessageContaining("1 to 500");
        }
    }

    @Test
    void versions_come_oldest_first_in_pages() {
        var made = IntStream.range(0, 5)
                .mapToObj(i -> engine.put("a", "value " + i).id())
                .toList();
        var all = new ArrayList<String>();
        Optional<String> token = Optional.empty();
        do {
            var page = engine.as(Role.READER, new ObjectListVersions(secret("a"), 2, token));
            page.entries().stream().map(view -> view.version().id()).forEach(all::add);
            token = page.next();
        } while (token.isPresent());
        assertThat(all).isEqualTo(made);
    }

    @Test
    void a_version_names_the_one_before_it() {
        var first = engine.put("a", "one").id();
        var second = engine.put("a", "two").id();
        assertThat(previous(second)).contains(first);
        assertThat(previous(first)).isEmpty();
    }

    private Optional<String> previous(String version) {
        var fetched = engine.as(Role.SECRETS_USER, new SecretGet(secret("a"), Optional.of(version), Optional.empty()));
        return ((Fetched.Value) fetched).previous();
    }

    @Test
    void what_is_not_given_of_attributes_stays() {
        var first = engine.put("a", "one").id();
        engine.put("a", "two");
        patch(Optional.of(first), Optional.of(false), Optional.empty());
        var view = patch(Optional.of(first), Optional.empty(), Optional.of(Map.of("owner", "billing")));
        var old = view.state().version(first).orElseThrow().attributes();
        assertThat(old.enabled()).isFalse();
        assertThat(old.tags()).containsEntry("owner", "billing");
        assertThat(view.state().current().attributes().enabled()).isTrue();
    }

    private ObjectView patch(Optional<String> version, Optional<Boolean> enabled, Optional<Map<String, String>> tags) {
        return engine.as(
                Role.SECRETS_OFFICER,
                new SecretPatch(
                        secret("a"),
                        version,
                        new AttributesPatch(enabled, Optional.empty(), Optional.empty(), tags),
                        Optional.empty()));
    }

    @Test
    void the_recovery_level_follows_retention_and_purge_protection() {
        assertThat(RecoveryLevel.of(Engine.settings(90, false))).hasToString("Recoverable+Purgeable");
        assertThat(RecoveryLevel.of(Engine.settings(365, true))).hasToString("Recoverable");
        assertThat(RecoveryLevel.of(Engine.settings(7, false))).hasToString("CustomizedRecoverable+Purgeable");
        assertThat(RecoveryLevel.of(Engine.settings(89, true))).hasToString("CustomizedRecoverable");
    }
}
