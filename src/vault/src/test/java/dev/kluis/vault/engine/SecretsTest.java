package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.secret;
import static dev.kluis.vault.engine.Engine.set;
import static dev.kluis.vault.engine.Engine.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.secret.SecretOperations.SecretUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private final Engine engine = new Engine().withVault();

    @Test
    void a_value_comes_back_as_it_was_set_also_after_a_restart() {
        engine.put("db-password", "s3cret");

        assertThat(engine.get("db-password")).isEqualTo("s3cret");
        engine.restart();
        assertThat(engine.get("DB-Password")).isEqualTo("s3cret");
    }

    @Test
    void each_set_makes_a_version_and_all_versions_stay_readable() {
        var first = engine.put("a", "one");
        var second = engine.put("a", "two");

        assertThat(first.id()).matches("[0-9a-f]{32}").isNotEqualTo(second.id());
        assertThat(engine.get("a")).isEqualTo("two");
        var user = engine.with(Role.SECRETS_USER);
        assertThat(engine.get(user, "a", Optional.of(first.id()))).isEqualTo("one");
        assertThatThrownBy(() -> engine.get(user, "a", Optional.of("0".repeat(32))))
                .hasMessage("payments/payments/secrets/a has no such version");
    }

    @Test
    void a_held_version_is_answered_as_unchanged_without_its_value() {
        var version = engine.put("a", "one");

        var fetched =
                engine.as(Role.SECRETS_USER, new SecretGet(secret("a"), Optional.empty(), Optional.of(version.id())));
        assertThat(fetched).isEqualTo(new Fetched.Unchanged(version.id()));
    }

    @Test
    void old_values_move_out_of_the_record_and_stay_readable() {
        var values = new HashMap<String, String>();
        for (int i = 0; i < 12; i++) {
            String value = i + "x".repeat(25_000);
            values.put(engine.put("large", value).id(), value);
        }
        assertThat(engine.store.contentCount()).isEqualTo(9);
        engine.restart();
        var user = engine.with(Role.SECRETS_USER);
        values.forEach((version, value) ->
                assertThat(engine.get(user, "large", Optional.of(version))).isEqualTo(value));

        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("large")));
        engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("large")));
        assertThat(engine.store.contentCount()).isZero();
    }

    @Test
    void a_deleted_secret_is_gone_for_readers_and_comes_back_with_all_versions() {
        var first = engine.put("a", "one");
        engine.put("a", "two");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));

        assertThatThrownBy(() -> engine.get("a"))
                .hasMessage("payments/payments/secrets/a is deleted; it can be recovered until its scheduled purge");
        assertThatThrownBy(() -> engine.put("a", "three"))
                .extracting(e -> ((VaultException) e).code())
                .isEqualTo(VaultException.Code.DELETED);
        engine.restart();
        engine.as(Role.SECRETS_OFFICER, new ObjectRecover(secret("a"), Optional.empty()));
        assertThat(engine.get("a")).isEqualTo("two");
        assertThat(engine.get(engine.with(Role.SECRETS_USER), "a", Optional.of(first.id())))
                .isEqualTo("one");
    }

    @Test
    void a_deleted_secret_is_purged_at_its_date_and_not_before() {
        engine.put("a", "one");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        engine.pass(Duration.ofDays(90).minusMillis(1));
        assertThat(engine.purgeDue()).isZero();

        engine.pass(Duration.ofMillis(1));
        assertThat(engine.purgeDue()).isEqualTo(1);
        assertThat(engine.as(Role.READER, new ObjectGetMetadata(secret("a")))).isEmpty();
        assertThat(engine.purgeDue()).isZero();
    }

    @Test
    void what_was_purged_can_be_made_anew_and_is_another_object() {
        engine.put("a", "one");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("a")));
        engine.put("a", "anew");
        engine.restart();

        assertThat(engine.get("a")).isEqualTo("anew");
        assertThat(engine.as(Role.READER, new ObjectGetMetadata(secret("a")))
                        .orElseThrow()
                        .state()
                        .versions())
                .hasSize(1);
    }

    @Test
    void purge_protection_stops_a_purge_before_the_date_for_everyone() {
        var guarded = new Engine().withProtectedVault();
        guarded.put("a", "one");
        guarded.as(Role.ADMINISTRATOR, new ObjectDelete(secret("a")));

        assertThatThrownBy(() -> guarded.as(Role.ADMINISTRATOR, new ObjectPurge(secret("a"))))
                .hasMessageContaining("because purge protection is enabled for this vault");
        guarded.as(Role.ADMINISTRATOR, new ObjectRecover(secret("a"), Optional.empty()));
        assertThat(guarded.get("a")).isEqualTo("one");
    }

    @Test
    void a_disabled_secret_is_not_read_and_an_equal_update_writes_nothing() {
        engine.put("a", "one");
        var disabled = new SecretAttributes(false, Optional.empty(), Optional.empty(), "text/plain", Map.of("k", "v"));

        assertThat(engine.as(Role.SECRETS_OFFICER, new SecretUpdate(secret("a"), disabled)))
                .isTrue();
        assertThat(engine.as(Role.SECRETS_OFFICER, new SecretUpdate(secret("a"), disabled)))
                .isFalse();
        assertThatThrownBy(() -> engine.get("a"))
                .hasMessage("get is not allowed on payments/payments/secrets/a: it is disabled");
    }

    @Test
    void a_value_of_25_600_bytes_is_kept_and_one_byte_more_is_refused() {
        engine.put("a", "x".repeat(25_600));

        assertThatThrownBy(() -> engine.put("b", "x".repeat(25_601)))
                .hasMessage("a secret's value has at most 25 KB (25,600 bytes), not 25601 bytes");
        assertThat(engine.as(Role.READER, new ObjectGetMetadata(secret("b")))).isEmpty();
    }

    @Test
    void a_set_on_another_revision_than_was_seen_is_a_conflict() {
        engine.put("a", "one");
        var late = new SecretSet(secret("a"), text("two"), SecretAttributes.NONE, Optional.empty(), Optional.of(0L));

        assertThatThrownBy(() -> engine.as(Role.SECRETS_OFFICER, late))
                .hasMessage("payments/payments/secrets/a was changed in between");
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a/b", "..", "a b", "ä", "a_b", "a\n"})
    void an_illegal_name_is_refused_with_what_is_legal(String name) {
        assertThatThrownBy(() -> secret(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("is not 1 to 127 of [0-9a-zA-Z-]");
    }

    @Test
    void a_name_of_128_characters_is_refused() {
        assertThat(secret("a".repeat(127)).name()).hasSize(127);
        assertThatThrownBy(() -> secret("a".repeat(128))).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void too_many_and_too_long_tags_are_refused() {
        var many = new HashMap<String, String>();
        for (int i = 0; i < 16; i++) {
            many.put("tag" + i, "");
        }
        assertThatThrownBy(() -> setWithTags(many)).hasMessage("a secret has at most 15 tags");
        assertThatThrownBy(() -> setWithTags(Map.of("k", "v".repeat(257))))
                .hasMessage("a tag's value has at most 256 bytes");
        assertThatThrownBy(() -> setWithTags(Map.of("", "v"))).hasMessage("a tag's name has 1 to 512 bytes");
    }

    private void setWithTags(Map<String, String> tags) {
        engine.as(
                Role.SECRETS_OFFICER,
                new SecretSet(
                        secret("tagged"),
                        text("v"),
                        new SecretAttributes(true, Optional.empty(), Optional.empty(), "", tags),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void two_engines_on_one_store_see_and_never_overwrite_each_other() {
        var before = set("a", "one");
        engine.as(Role.SECRETS_OFFICER, before);
        var other = engine.other(engine.audit::add);
        other.execute(engine.with(Role.SECRETS_OFFICER), set("a", "two"));
        engine.put("a", "three");

        assertThat(engine.as(Role.READER, new ObjectGetMetadata(secret("a")))
                        .orElseThrow()
                        .state()
                        .versions())
                .hasSize(3);
        assertThat(engine.get("a")).isEqualTo("three");
        other.close();
    }
}
