package dev.kluis.vault.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretSetSealed;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Values that were encrypted for the vault, in git for example. */
class SealedSecretsTest {

    private static final Caller RESOURCE =
            new Caller.Resource(new Owner("VaultSecret", "payments", "db-password"), "uid");

    private final Engine engine = new Engine().withVault();

    private RecipientKey recipient() {
        return engine.vault
                .execute(Engine.DECLARATION, new VaultGet(Engine.PAYMENTS))
                .orElseThrow()
                .recipient();
    }

    private String seal(String name, String value) {
        return SealedText.seal(Engine.secret(name), recipient(), Engine.text(value), engine.random);
    }

    private ObjectVersion take(Caller caller, String name, String sealed) {
        return engine.vault.execute(
                caller,
                new SecretSetSealed(
                        Engine.secret(name), sealed, SecretAttributes.NONE, Optional.empty(), Optional.empty()));
    }

    private Ownership ownership(String name) {
        return engine.vault
                .execute(RESOURCE, new ObjectGetMetadata(Engine.secret(name)))
                .orElseThrow()
                .ownership()
                .orElseThrow();
    }

    @Test
    void a_sealed_value_becomes_a_version_and_its_text_is_remembered() {
        String sealed = seal("db-password", "from git");

        take(RESOURCE, "db-password", sealed);

        assertThat(engine.get("db-password")).isEqualTo("from git");
        assertThat(ownership("db-password").sealed()).isEqualTo(SealedText.hash(sealed));
        engine.restart();
        assertThat(engine.get("db-password")).isEqualTo("from git");
        assertThat(ownership("db-password").sealed()).isEqualTo(SealedText.hash(sealed));
    }

    @Test
    void a_value_that_was_only_sealed_again_makes_no_new_version() {
        var first = take(RESOURCE, "db-password", seal("db-password", "from git"));
        String again = seal("db-password", "from git");

        assertThat(take(RESOURCE, "db-password", again)).isEqualTo(first);
        assertThat(ownership("db-password").sealed()).isEqualTo(SealedText.hash(again));
        assertThat(take(RESOURCE, "db-password", seal("db-password", "another")).id())
                .isNotEqualTo(first.id());
    }

    @Test
    void attack_25_what_was_sealed_for_another_name_changes_nothing() {
        take(RESOURCE, "db-password", seal("db-password", "from git"));
        String other = seal("other", "stolen");

        assertThatThrownBy(() -> take(RESOURCE, "db-password", other))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(VaultException.Code.BAD_PARAMETER))
                .hasMessageContaining("seal it again with kluis seal, for payments/payments/secrets/db-password");
        assertThat(engine.get("db-password")).isEqualTo("from git");
    }

    @Test
    void attack_25_a_rotation_of_the_keys_opens_what_was_sealed_before_it_for_its_own_name_and_no_other() {
        String mine = seal("db-password", "from git");
        engine.vault.execute(Engine.DECLARATION, new VaultRotateKeys(Engine.PAYMENTS, "1"));

        take(RESOURCE, "db-password", mine);
        assertThat(engine.get("db-password")).isEqualTo("from git");
        assertThatThrownBy(() -> take(engine.with(Role.SECRETS_OFFICER), "other", mine))
                .hasMessageContaining("seal it again with kluis seal, for payments/payments/secrets/other");
        assertThat(engine.vault.summary(Engine.secret("other"))).isEmpty();
    }

    @Test
    void the_right_to_set_is_asked_before_anything_is_opened() {
        assertThatThrownBy(() -> take(engine.with(Role.SECRETS_USER), "db-password", "kluis1:AAAA"))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(VaultException.Code.FORBIDDEN));
    }

    @Test
    void the_key_of_a_vault_stays_with_it_over_deletion_and_recovery_but_not_over_a_purge() {
        String sealed = seal("db-password", "from git");
        var before = recipient();
        engine.restart();
        assertThat(recipient()).isEqualTo(before);

        engine.vault.execute(Engine.DECLARATION, new dev.kluis.vault.VaultOperations.VaultDelete(Engine.PAYMENTS));
        engine.pass(Duration.ofDays(91));
        engine.purgeDue();
        engine.withVault();

        assertThat(recipient()).isNotEqualTo(before);
        assertThatThrownBy(() -> take(RESOURCE, "db-password", sealed))
                .hasMessageContaining("which is none of this vault");
    }
}
