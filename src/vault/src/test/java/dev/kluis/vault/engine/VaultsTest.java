package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.DECLARATION;
import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static dev.kluis.vault.engine.Engine.set;
import static dev.kluis.vault.engine.Engine.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.access.Role;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultsTest {

    private final Engine engine = new Engine().withVault();

    @Test
    void putting_the_same_settings_again_writes_nothing() {
        assertThat(engine.vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(90, false))))
                .isFalse();
    }

    @Test
    void a_deleted_vault_serves_nothing_and_comes_back_with_everything() {
        engine.put("a", "one");
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));
        engine.restart();

        assertThatThrownBy(() -> engine.get("a")).hasMessageContaining("may not secrets/getSecret/action");
        engine.withVault();
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void a_deleted_vault_is_purged_with_its_objects_at_its_date_and_its_name_is_free_again() {
        engine.put("a", "one");
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));
        var elsewhere = new VaultId("other", "payments");
        var other = new Caller.Resource(new Owner("Vault", "other", "payments"), "uid");
        assertThatThrownBy(() -> engine.vault.execute(other, new VaultPut(elsewhere, settings(7, false))))
                .hasMessageContaining("the vault name 'payments' is taken");

        engine.pass(Duration.ofDays(90));
        assertThat(engine.purgeDue()).isEqualTo(2);
        engine.vault.execute(other, new VaultPut(elsewhere, settings(7, false)));
        engine.restart();
        assertThat(engine.vault.summaries()).hasSize(2);
    }

    @Test
    void a_vault_made_after_a_purge_has_nothing_of_the_old_one() {
        engine.put("a", "one");
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));
        engine.pass(Duration.ofDays(90));
        engine.purgeDue();
        engine.withVault();
        engine.restart();

        assertThatThrownBy(() -> engine.get("a")).hasMessageContaining("there is no");
        engine.put("a", "anew");
        engine.restart();
        assertThat(engine.get("a")).isEqualTo("anew");
    }

    @Test
    void retention_is_fixed_and_purge_protection_stays_on() {
        assertThatThrownBy(() -> engine.vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(30, false))))
                .hasMessage("retention is fixed at creation: this vault has P90D");
        engine.vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(90, true)));
        assertThatThrownBy(() -> engine.vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(90, false))))
                .hasMessage("purge protection cannot be turned off once it is on");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 6, 366})
    void a_retention_outside_7_to_365_days_cannot_be_built(int days) {
        assertThatThrownBy(() -> settings(days, false)).hasMessageContaining("retention must be P7D to P365D");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "1abc", "Abc", "a_b", "abc-", "aaaaaaaaaaaaaaaaaaaaaaaaa", "login", "kluis"})
    void an_illegal_or_reserved_vault_name_is_refused(String name) {
        assertThatThrownBy(() -> new VaultId("payments", name)).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void a_resource_of_another_namespace_makes_objects_only_where_the_vault_is_shared_with_it() {
        var checkout = new Caller.Resource(new Owner("VaultSecret", "checkout", "a"), "uid");
        assertThatThrownBy(() -> engine.vault.execute(checkout, set("a", "one")))
                .hasMessageContaining("is not there or not shared with namespace 'checkout'");

        var shared = new TreeSet<String>();
        shared.add("checkout");
        engine.vault.execute(
                DECLARATION, new VaultPut(PAYMENTS, new VaultSettings(90, false, shared, Optional.empty())));
        engine.vault.execute(checkout, set("a", "one"));
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void a_resource_never_takes_over_what_another_made() {
        var mine = new Caller.Resource(new Owner("VaultSecret", "payments", "mine"), "uid-1");
        var other = new Caller.Resource(new Owner("VaultSecret", "payments", "other"), "uid-2");
        engine.vault.execute(mine, set("a", "one"));

        assertThatThrownBy(() -> engine.vault.execute(other, set("a", "two")))
                .hasMessageContaining(
                        "payments/payments/secrets/a is there already and was made by VaultSecret/payments/mine");
        engine.put("a", "by an officer");
        engine.vault.execute(
                new Caller.Resource(new Owner("VaultSecret", "payments", "mine"), "uid-new"), set("a", "x"));
        assertThat(engine.get("a")).isEqualTo("x");
    }

    @Test
    void only_the_resource_of_its_name_declares_a_vault() {
        var other = new Caller.Resource(new Owner("Vault", "payments", "others"), "uid");
        assertThatThrownBy(() -> engine.vault.execute(other, new VaultDelete(PAYMENTS)))
                .hasMessage("Vault/payments/others is not the resource of vault payments/payments");
        assertThatThrownBy(() -> engine.as(Role.ADMINISTRATOR, new VaultDelete(PAYMENTS)))
                .hasMessageContaining("may not delete");
        assertThat(secret("a").toString()).isEqualTo("payments/payments/secrets/a");
    }
}
