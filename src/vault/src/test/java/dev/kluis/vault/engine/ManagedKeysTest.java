package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectExport;
import dev.kluis.vault.backup.ObjectImport;
import dev.kluis.vault.backup.ObjectSnapshot;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyGet;
import dev.kluis.vault.key.KeyRotate;
import dev.kluis.vault.key.KeyRotationPolicySet;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPruneVersions;
import dev.kluis.vault.object.VersionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that belong to a certificate: used and read as others are, changed by nobody. */
class ManagedKeysTest {

    private static final ObjectId KEY = ObjectId.key(PAYMENTS, "tls");
    private static final WantedKey EC = new WantedKey("EC", Optional.empty(), Optional.empty(), Optional.empty());

    private final Engine engine = new Engine().withVault();

    /** A certificate's key, as a backup of its vault brings it. */
    @BeforeEach
    void a_managed_key() {
        var free = ObjectId.key(PAYMENTS, "free");
        engine.as(Role.CRYPTO_OFFICER, new KeyCreate(free, EC, NewKey.USUAL));
        try (var object = engine.as(Role.ADMINISTRATOR, new ObjectExport(free))) {
            var managed = new ObjectSnapshot(
                    KEY,
                    "ab".repeat(16),
                    1,
                    object.time(),
                    object.lifecycle(),
                    true,
                    object.policy(),
                    Optional.empty(),
                    object.versions());
            engine.as(Role.ADMINISTRATOR, new ObjectImport(KEY, managed, PAYMENTS, false));
        }
    }

    static Stream<Operation<?>> changes() {
        return Stream.of(
                new KeyCreate(KEY, EC, NewKey.USUAL),
                new KeyUpdate(
                        KEY, Optional.empty(), AttributesPatch.NONE, Optional.of(List.of("sign")), Optional.empty()),
                new KeyRotate(KEY),
                new KeyRotationPolicySet(KEY, Optional.empty(), List.of()),
                new ObjectDelete(KEY),
                new ObjectPruneVersions(KEY, new VersionPolicy(2, Duration.ZERO)),
                new ObjectBackup(KEY));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void it_is_changed_and_copied_by_its_certificate_alone(Operation<?> operation) {
        assertThatThrownBy(() -> engine.as(Role.CRYPTO_OFFICER, operation))
                .isInstanceOfSatisfying(
                        VaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(Code.MANAGED));
    }

    @Test
    void it_is_used_read_and_listed_as_managed() {
        var signed = engine.as(
                Role.CRYPTO_USER, new KeySign(KEY, Optional.empty(), "ES256", SignatureInput.of(new byte[32])));
        assertThat(signed.signature()).hasSize(64);
        assertThat(engine.as(Role.READER, new KeyGet(KEY, Optional.empty())).managed())
                .isTrue();
        assertThat(engine.as(Role.READER, new ObjectListVersions(KEY, 25, Optional.empty()))
                        .entries())
                .allMatch(view -> view.managed());
        var all = engine.as(Role.READER, new ObjectList(PAYMENTS, ObjectKind.KEY, 25, Optional.empty()));
        assertThat(all.entries()).extracting(view -> view.state().managed()).containsExactly(false, true);
    }

    @Test
    void it_is_managed_after_a_restart() {
        engine.restart();
        assertThat(engine.as(Role.READER, new KeyGet(KEY, Optional.empty())).managed())
                .isTrue();
    }
}
