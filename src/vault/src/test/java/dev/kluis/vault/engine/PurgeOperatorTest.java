package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.DECLARATION;
import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultPurge;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PurgeOperatorTest {

    private final Engine engine = new Engine();

    @Test
    void a_purge_operator_sees_and_purges_a_deleted_vault_and_nothing_in_it() {
        engine.withVault();
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));

        assertThat(engine.as(Role.PURGE_OPERATOR, new VaultGet(PAYMENTS))).isPresent();
        assertThatThrownBy(() -> engine.as(
                        Role.PURGE_OPERATOR, new ObjectList(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty())))
                .hasMessageContaining("may not secrets/readMetadata/action");
        assertThat(engine.as(Role.PURGE_OPERATOR, new VaultPurge(PAYMENTS))).isInstanceOf(Lifecycle.Purged.class);
    }

    @Test
    void purge_protection_and_a_vault_in_use_stand_against_a_purge_operator_too() {
        engine.withProtectedVault();
        assertThatThrownBy(() -> engine.as(Role.PURGE_OPERATOR, new VaultPurge(PAYMENTS)))
                .hasMessageContaining("only a deleted vault can be purged");
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));
        assertThatThrownBy(() -> engine.as(Role.PURGE_OPERATOR, new VaultPurge(PAYMENTS)))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void nobody_else_purges_a_vault_and_an_administrator_does_nothing_in_a_deleted_one_but_see_it() {
        engine.withVault();
        engine.put("a", "one");
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));

        assertThat(engine.as(Role.ADMINISTRATOR, new VaultGet(PAYMENTS))).isPresent();
        assertThatThrownBy(() -> engine.as(Role.ADMINISTRATOR, new VaultPurge(PAYMENTS)))
                .hasMessageContaining("may not purge/action");
        assertThatThrownBy(() -> engine.get("a")).hasMessageContaining("may not secrets/getSecret/action");
    }
}
