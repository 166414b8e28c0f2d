package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.DECLARATION;
import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.ObjectImport.Result;
import dev.kluis.vault.backup.ObjectImport.Result.Done;
import dev.kluis.vault.backup.VaultExport;
import dev.kluis.vault.backup.VaultImport;
import dev.kluis.vault.backup.VaultImport.Options;
import dev.kluis.vault.backup.VaultImport.Report;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretSetSealed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A whole vault as one file and back, here and in another cluster. */
class VaultBackupTest {

    private static final Duration QUARTER = Duration.ofDays(90);

    private final RecipientKeyPair officer = RecipientKeyPair.generate(new SecureRandom());
    private final Engine engine = new Engine().withVault();
    private final List<Result> results = new ArrayList<>();

    private byte[] export(Engine from) {
        var out = new ByteArrayOutputStream();
        export(from, out);
        return out.toByteArray();
    }

    private VaultExport.Written export(Engine from, OutputStream out) {
        try {
            return new VaultExport(from.vault, () -> from.now, from.random)
                    .write(DECLARATION, PAYMENTS, officer.publicKey(), QUARTER, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report restore(Engine to, byte[] file) {
        return restore(to, file, signer(file), false);
    }

    private Report restore(Engine to, byte[] file, Optional<VerifyingKey> signer, boolean purgedToo) {
        return restore(to, new ByteArrayInputStream(file), signer, purgedToo);
    }

    private Report restore(Engine to, InputStream file, Optional<VerifyingKey> signer, boolean purgedToo) {
        results.clear();
        try {
            return new VaultImport(to.vault)
                    .restore(
                            to.with(Role.ADMINISTRATOR),
                            PAYMENTS,
                            file,
                            id -> Optional.of(officer),
                            new Options(signer, purgedToo),
                            results::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<VerifyingKey> signer(byte[] file) {
        try {
            return Optional.of(
                    BackupReader.header(new ByteArrayInputStream(file)).signer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectState state(Engine engine, String name) {
        return engine.as(Role.READER, new ObjectGetMetadata(secret(name)))
                .orElseThrow()
                .state();
    }

    private static void assertRefused(Code code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void assertSkipped(String name, String why) {
        assertThat(results).contains(new Result(secret(name), Done.SKIPPED, why));
    }

    @Test
    void another_cluster_gets_the_same_ids_times_lifecycles_values_and_owners() {
        var owner = new Owner("VaultSecret", "payments", "owned");
        engine.vault.execute(new Caller.Resource(owner, "uid"), Engine.set("owned", "by a resource"));
        engine.put("db", "one");
        engine.pass(Duration.ofHours(1));
        engine.put("db", "two");
        engine.put("old", "gone");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("old")));
        byte[] file = export(engine);
        engine.pass(Duration.ofDays(1));

        var other = new Engine().withVault();
        other.now = engine.now;
        var report = restore(other, file);

        assertThat(report.restored()).isEqualTo(3);
        assertThat(report.totals().deleted()).isEqualTo(1);
        assertThat(report.totals().versions()).isEqualTo(4);
        for (var name : List.of("owned", "db", "old")) {
            assertThat(state(other, name).lifecycle())
                    .isEqualTo(state(engine, name).lifecycle());
            assertThat(state(other, name).versions())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("commitment")
                    .isEqualTo(state(engine, name).versions());
        }
        assertThat(other.get("db")).isEqualTo("two");
        assertThat(other.vault
                        .summary(secret("owned"))
                        .orElseThrow()
                        .ownership()
                        .orElseThrow()
                        .owner())
                .isEqualTo(owner);
        // The resource, re-applied there, goes on with its object.
        other.vault.execute(new Caller.Resource(owner, "another uid"), Engine.set("owned", "rotated"));
        other.restart();
        assertThat(other.get("owned")).isEqualTo("rotated");
        assertThat(other.vault.quarantined()).isEmpty();
    }

    @Test
    void texts_in_git_that_were_sealed_for_the_old_vault_open_in_the_new_one() {
        var key = engine.vault
                .execute(DECLARATION, new VaultGet(PAYMENTS))
                .orElseThrow()
                .recipient();
        String text = SealedText.seal(secret("sealed"), key, Engine.text("from git"), engine.random);
        byte[] file = export(engine);
        var other = new Engine().withVault();

        restore(other, file);
        restore(other, file);
        other.restart();
        var owner = new Owner("VaultSecret", "payments", "sealed");
        other.vault.execute(new Caller.Resource(owner, "uid"), sealed(text));

        assertThat(other.get("sealed")).isEqualTo("from git");
        assertThat(other.vault
                        .execute(DECLARATION, new VaultGet(PAYMENTS))
                        .orElseThrow()
                        .recipient())
                .isNotEqualTo(key);
    }

    private static SecretSetSealed sealed(String text) {
        return new SecretSetSealed(
                secret("sealed"),
                text,
                dev.kluis.vault.secret.SecretAttributes.NONE,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void attack_18_an_older_backup_restored_over_newer_state_takes_nothing_back() {
        var protectedOne = new Engine().withProtectedVault();
        protectedOne.put("changed", "one");
        protectedOne.put("deleted", "x");
        protectedOne.put("purged", "x");
        protectedOne.put("undeleted", "x");
        protectedOne.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("undeleted")));
        protectedOne.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("purged")));
        byte[] older = export(protectedOne);
        protectedOne.pass(Duration.ofDays(1));
        protectedOne.put("changed", "two");
        protectedOne.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("deleted")));
        protectedOne.as(Role.SECRETS_OFFICER, new ObjectRecover(secret("undeleted"), Optional.empty()));
        var before = List.of(
                state(protectedOne, "changed"), state(protectedOne, "deleted"), state(protectedOne, "undeleted"));

        var report = restore(protectedOne, older, Optional.empty(), true);

        assertThat(report.skipped()).isEqualTo(4);
        assertThat(List.of(
                        state(protectedOne, "changed"),
                        state(protectedOne, "deleted"),
                        state(protectedOne, "undeleted")))
                .isEqualTo(before);
        assertSkipped("changed", "the same or a newer state is there");
        assertSkipped("deleted", "it is deleted there: recover it first");
        assertSkipped("undeleted", "it is there and not deleted");
        var settings = protectedOne
                .vault
                .execute(DECLARATION, new VaultGet(PAYMENTS))
                .orElseThrow()
                .settings();
        assertThat(settings.purgeProtection()).isTrue();
        assertRefused(Code.CONFLICT, () -> protectedOne.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("deleted"))));
        assertThat(protectedOne.purgeDue()).isZero();
    }

    @Test
    void what_was_purged_after_the_backup_comes_back_only_when_asked_for() {
        engine.put("leaked", "x");
        byte[] file = export(engine);
        engine.pass(Duration.ofDays(1));
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("leaked")));
        engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("leaked")));

        restore(engine, file);
        assertSkipped("leaked", "it was purged after this state of it");

        assertThat(restore(engine, file, Optional.empty(), true).restored()).isEqualTo(1);
        assertThat(engine.get("leaked")).isEqualTo("x");
    }

    @Test
    void a_newer_backup_of_the_same_object_adds_its_newer_versions_and_no_older_ones() {
        engine.put("db", "one");
        byte[] older = export(engine);
        engine.pass(Duration.ofHours(1));
        engine.put("db", "two");
        byte[] newer = export(engine);
        var other = new Engine().withVault();

        restore(other, older);
        assertThat(restore(other, newer).updated()).isEqualTo(1);
        assertThat(other.get("db")).isEqualTo("two");
        assertThat(state(other, "db").versions().stream().map(version -> version.id()))
                .isEqualTo(state(engine, "db").versions().stream()
                        .map(version -> version.id())
                        .toList());
        assertThat(restore(other, older).skipped()).isEqualTo(1);
        assertThat(restore(other, newer).skipped()).isEqualTo(1);
    }

    @Test
    void another_object_of_the_same_name_is_left_alone() {
        engine.put("db", "ours");
        byte[] file = export(engine);
        var other = new Engine().withVault();
        other.put("db", "theirs");

        restore(other, file);

        assertSkipped("db", "another object of this name is there");
        assertThat(other.get("db")).isEqualTo("theirs");
    }

    @Test
    void a_restore_that_ended_halfway_is_done_again_and_does_the_rest() {
        for (int i = 0; i < 40; i++) {
            engine.put("secret-" + i, "x".repeat(10_000));
        }
        byte[] file = export(engine);
        var other = new Engine().withVault();

        assertRefused(
                Code.BAD_PARAMETER, () -> restore(other, Arrays.copyOf(file, file.length / 2), signer(file), false));
        int first = results.size();
        assertThat(first).isBetween(10, 30);

        var report = restore(other, file);
        assertThat(report.restored()).isEqualTo(40 - first);
        assertThat(report.skipped()).isEqualTo(first);
    }

    @Test
    void an_expired_file_one_of_an_unknown_signer_and_one_for_another_key_are_refused() {
        byte[] file = export(engine);
        var other = new Engine().withVault();

        assertRefused(Code.BAD_PARAMETER, () -> restore(other, file, Optional.empty(), false));
        assertThat(restore(engine, file, Optional.empty(), false).restored()).isZero();
        var stranger = RecipientKeyPair.generate(new SecureRandom());
        assertRefused(Code.BAD_PARAMETER, () -> {
            try {
                BackupReader.open(new ByteArrayInputStream(file), stranger);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        engine.pass(QUARTER);
        assertRefused(Code.BAD_PARAMETER, () -> restore(engine, file, Optional.empty(), false));
        assertThat(engine.audit.getLast().operation()).isEqualTo("VaultRestore");
    }

    @Test
    void a_vault_that_promises_less_about_deleted_objects_takes_no_backup_in() {
        var protectedOne = new Engine().withProtectedVault();
        byte[] file = export(protectedOne);
        assertRefused(Code.CONFLICT, () -> restore(engine, file));

        byte[] ninety = export(engine);
        var seven = new Engine();
        seven.vault.execute(DECLARATION, new VaultPut(PAYMENTS, Engine.settings(7, true)));
        assertRefused(Code.CONFLICT, () -> restore(seven, ninety));
        assertRefused(Code.FORBIDDEN, () -> restore(new Engine(), ninety));
    }

    @Test
    void only_an_administrator_restores_and_only_he_or_the_vaults_own_resource_backs_up() {
        engine.put("db", "x");
        byte[] file = export(engine);
        assertThat(engine.audit.stream().filter(one -> one.operation().equals("SecretBackup")))
                .hasSize(1);
        var export = new VaultExport(engine.vault, () -> engine.now, engine.random);
        for (var role : List.of(Role.SECRETS_OFFICER, Role.SECRETS_USER, Role.READER)) {
            assertRefused(Code.FORBIDDEN, () -> {
                try {
                    export.write(
                            engine.with(role), PAYMENTS, officer.publicKey(), QUARTER, OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertRefused(Code.FORBIDDEN, () -> {
                try {
                    new VaultImport(engine.vault)
                            .restore(
                                    engine.with(role),
                                    PAYMENTS,
                                    new ByteArrayInputStream(file),
                                    id -> Optional.of(officer),
                                    new Options(Optional.empty(), false),
                                    results::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        var other = new Caller.Resource(new Owner("Vault", "payments", "other"), "uid");
        assertThatThrownBy(() ->
                        export.write(other, PAYMENTS, officer.publicKey(), QUARTER, OutputStream.nullOutputStream()))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void a_quarantined_object_is_counted_and_does_not_stop_the_backup_of_the_others() {
        engine.put("good", "x");
        engine.put("bad", "x");
        engine.store.steal(secret("bad"));

        var written = export(engine, OutputStream.nullOutputStream());

        assertThat(written.totals().objects()).isEqualTo(1);
        assertThat(written.totals().unreadable()).isEqualTo(1);
    }

    @Test
    void a_file_is_sealed_to_another_key_without_its_private_key_leaving() throws Exception {
        engine.put("db", "x");
        byte[] file = export(engine);
        var once = RecipientKeyPair.generate(new SecureRandom());
        byte[] sealed = BackupReader.sealed(new ByteArrayInputStream(file), officer, once.publicKey(), engine.random)
                .readAllBytes();

        assertThat(sealed).hasSameSizeAs(file);
        var reader = BackupReader.open(new ByteArrayInputStream(sealed), once);
        assertThat(reader.verify().objects()).isEqualTo(1);
        assertThat(reader.header().signer()).isEqualTo(signer(file).orElseThrow());
    }

    @Test
    void attack_20_a_file_that_was_changed_cut_or_continued_is_a_bad_parameter_and_never_accepted() {
        engine.put("db", "one");
        engine.put("db2", "two");
        byte[] good = export(engine);
        long seed = Long.getLong("kluis.seed", new Random().nextLong());
        System.out.println("seed of the files: -Dkluis.seed=" + seed);
        var random = new Random(seed);

        for (int i = 0; i < 100_000; i++) {
            byte[] bad = Mutations.of(good, random);
            if (!Arrays.equals(bad, good)) {
                assertRefused(Code.BAD_PARAMETER, () -> {
                    try {
                        BackupReader.open(new ByteArrayInputStream(bad), officer)
                                .verify();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    @Test
    void a_deleted_object_whose_date_has_passed_is_not_made_again() {
        engine.put("old", "x");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("old")));
        assertThat(state(engine, "old").lifecycle()).isInstanceOf(Lifecycle.Deleted.class);
        var out = new ByteArrayOutputStream();
        try {
            new VaultExport(engine.vault, () -> engine.now, engine.random)
                    .write(DECLARATION, PAYMENTS, officer.publicKey(), Duration.ofDays(365), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var other = new Engine().withVault();
        other.pass(Duration.ofDays(91));

        restore(other, out.toByteArray());

        assertSkipped("old", "it was deleted, and the date of its purge has passed");
    }
}
