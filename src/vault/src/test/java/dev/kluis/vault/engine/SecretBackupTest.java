package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectRestore;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One secret as a blob and back. */
class SecretBackupTest {

    private static final VaultId STAGING = new VaultId("payments", "staging");

    private final Engine engine = new Engine().withVault();

    private byte[] backup(String name) {
        return engine.as(Role.SECRETS_OFFICER, new ObjectBackup(secret(name)));
    }

    private ObjectState restore(byte[] blob) {
        return engine.as(Role.SECRETS_OFFICER, ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, blob));
    }

    private ObjectState state(String name) {
        return engine.as(Role.READER, new ObjectGetMetadata(secret(name)))
                .orElseThrow()
                .state();
    }

    private void purge(String name) {
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret(name)));
        engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret(name)));
    }

    private static void assertRefused(Code code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_purged_secret_comes_back_with_its_versions_ids_times_tags_and_values() {
        var first = engine.put("db", "one");
        engine.pass(Duration.ofDays(1));
        engine.vault.execute(
                engine.with(Role.SECRETS_OFFICER),
                new SecretSet(
                        secret("db"),
                        Engine.text("two"),
                        new SecretAttributes(
                                false, Optional.of(engine.now), Optional.empty(), "text/plain", Map.of("owner", "b")),
                        Optional.empty(),
                        Optional.empty()));
        var before = state("db");
        byte[] blob = backup("db");
        purge("db");
        engine.pass(Duration.ofDays(1));

        assertThat(restore(blob)).isEqualTo(before);
        assertThat(state("db")).isEqualTo(before);
        assertThat(engine.get(engine.with(Role.SECRETS_USER), "db", Optional.of(first.id())))
                .isEqualTo("one");
        engine.restart();
        assertThat(state("db")).isEqualTo(before);
        assertThat(engine.put("db", "three").id()).isNotIn(before.versions());
    }

    @Test
    void a_secret_of_500_large_versions_comes_back_and_its_blob_stays_below_the_limit() {
        for (int i = 0; i < ObjectState.MAX_VERSIONS; i++) {
            engine.put("large", "x".repeat(ObjectState.MAX_VALUE - 3) + i % 10);
        }
        byte[] blob = backup("large");
        purge("large");

        assertThat(blob.length).isBetween(ObjectState.MAX_VERSIONS * 25_000, ObjectBlob.LIMIT);
        assertThat(restore(blob).versions()).hasSize(ObjectState.MAX_VERSIONS);
        var oldest = state("large").versions().getFirst();
        assertThat(engine.get(engine.with(Role.SECRETS_USER), "large", Optional.of(oldest.id())))
                .endsWith("x0");
        engine.restart();
        assertThat(engine.vault.quarantined()).isEmpty();
    }

    @Test
    void a_name_that_is_there_or_deleted_is_not_restored_over() {
        engine.put("db", "one");
        byte[] blob = backup("db");

        assertRefused(Code.CONFLICT, () -> restore(blob));
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("db")));
        assertRefused(Code.DELETED, () -> restore(blob));
        assertRefused(Code.NOT_FOUND, () -> backup("db"));
    }

    @Test
    void another_vault_of_the_same_root_takes_the_blob_and_another_root_does_not() {
        var owner = new Owner("VaultSecret", "payments", "db");
        engine.vault.execute(new Caller.Resource(owner, "uid"), Engine.set("db", "one"));
        byte[] blob = backup("db");
        engine.vault.execute(
                new Caller.Resource(new Owner("Vault", "payments", "staging"), "uid"),
                new VaultPut(STAGING, Engine.settings(7, false)));
        engine.assignments.put(new Assignment(
                "payments/staging",
                STAGING,
                Role.ADMINISTRATOR,
                List.of(new Subject.ServiceAccount("payments", "stager")),
                Scope.WHOLE_VAULT,
                Optional.empty()));

        engine.vault.execute(Engine.account("payments", "stager"), ObjectRestore.of(STAGING, ObjectKind.SECRET, blob));
        var there = engine.vault
                .summary(dev.kluis.vault.ObjectId.secret(STAGING, "db"))
                .orElseThrow();
        assertThat(there.currentVersion()).contains(state("db").current().id());
        assertThat(there.ownership()).isEmpty();

        var elsewhere = new Engine().withVault();
        assertRefused(
                Code.BAD_PARAMETER,
                () -> elsewhere.as(Role.SECRETS_OFFICER, ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, blob)));
    }

    @Test
    void in_its_own_vault_the_secret_is_its_resources_again() {
        var owner = new Owner("VaultSecret", "payments", "db");
        engine.vault.execute(new Caller.Resource(owner, "uid"), Engine.set("db", "one"));
        byte[] blob = backup("db");
        purge("db");

        restore(blob);

        assertThat(engine.vault
                        .summary(secret("db"))
                        .orElseThrow()
                        .ownership()
                        .orElseThrow()
                        .owner())
                .isEqualTo(owner);
    }

    @Test
    void who_may_only_read_makes_no_backup_and_nobody_restores_under_another_name() {
        engine.put("db", "one");
        byte[] blob = backup("db");

        assertRefused(Code.FORBIDDEN, () -> engine.as(Role.SECRETS_USER, new ObjectBackup(secret("db"))));
        assertRefused(
                Code.FORBIDDEN, () -> engine.as(Role.READER, ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, blob)));
        assertRefused(
                Code.BAD_PARAMETER, () -> engine.as(Role.SECRETS_OFFICER, new ObjectRestore(secret("other"), blob)));
        assertThat(engine.audit.getLast().operation()).isEqualTo("SecretRestore");
    }

    @Test
    void attack_20_a_blob_that_was_changed_cut_or_continued_is_a_bad_parameter_and_nothing_else() {
        engine.put("db", "one");
        byte[] good = backup("db");
        purge("db");
        long seed = Long.getLong("kluis.seed", new Random().nextLong());
        System.out.println("seed of the blobs: -Dkluis.seed=" + seed);
        var random = new Random(seed);

        for (int i = 0; i < 100_000; i++) {
            byte[] bad = Mutations.of(good, random);
            if (!Arrays.equals(bad, good)) {
                assertRefused(
                        Code.BAD_PARAMETER,
                        () -> engine.as(Role.SECRETS_OFFICER, ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, bad)));
            }
            engine.audit.clear();
        }

        assertThat(restore(good).versions()).hasSize(1);
    }
}
