package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.key.HotKeys;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyRotate;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long private keys stay parsed. */
class KeysInMemoryTest {

    private static final ObjectId KEY = ObjectId.key(PAYMENTS, "pay");

    private final Engine engine = new Engine().withVault();

    @BeforeEach
    void a_key_that_was_used() {
        engine.as(
                Role.CRYPTO_OFFICER,
                new KeyCreate(
                        KEY, new WantedKey("EC", Optional.empty(), Optional.empty(), Optional.empty()), NewKey.USUAL));
        sign();
        assertThat(engine.keys.open).hasValue(1);
    }

    private void sign() {
        engine.as(Role.CRYPTO_USER, new KeySign(KEY, Optional.empty(), "ES256", SignatureInput.of(new byte[32])));
    }

    private void update(AttributesPatch patch) {
        engine.as(Role.CRYPTO_USER, new KeyUpdate(KEY, Optional.empty(), patch, Optional.empty(), Optional.empty()));
    }

    @Test
    void a_key_is_parsed_once_for_many_signatures_and_over_changes_that_do_not_concern_it() {
        sign();
        update(new AttributesPatch(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Map.of("a", "b"))));
        engine.as(Role.CRYPTO_OFFICER, new KeyRotate(KEY));
        assertThat(engine.keys.open).hasValue(1);
        assertThat(engine.keys.opened).hasValue(1);
    }

    @Test
    void a_disabled_key_leaves_memory() {
        update(new AttributesPatch(Optional.of(false), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(engine.keys.open).hasValue(0);
    }

    @Test
    void a_deleted_key_leaves_memory() {
        engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(KEY));
        assertThat(engine.keys.open).hasValue(0);
    }

    @Test
    void the_keys_of_a_deleted_vault_leave_memory() {
        engine.vault.execute(Engine.DECLARATION, new VaultDelete(PAYMENTS));
        assertThat(engine.keys.open).hasValue(0);
    }

    @Test
    void keys_leave_memory_when_those_of_their_vault_are_rotated_and_are_parsed_anew() {
        engine.vault.execute(Engine.DECLARATION, new VaultRotateKeys(PAYMENTS, "now"));
        assertThat(engine.keys.open).hasValue(0);
        sign();
        engine.clockwork().reseal();
        sign();
        assertThat(engine.keys.opened).hasValue(2);
    }

    @Test
    void a_key_that_was_in_use_for_long_is_parsed_anew() {
        engine.pass(HotKeys.LIFETIME);
        engine.clockwork().rotateKeys();
        assertThat(engine.keys.open).hasValue(0);
    }

    @Test
    void keys_leave_memory_with_the_engine() {
        engine.vault.close();
        assertThat(engine.keys.open).hasValue(0);
    }
}
