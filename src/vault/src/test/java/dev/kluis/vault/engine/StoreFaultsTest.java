package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultPurge;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectRestore;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.store.FaultyStore;
import dev.kluis.vault.store.FaultyStore.Fate;
import dev.kluis.vault.store.FaultyStore.Killed;
import dev.kluis.vault.store.FaultyStore.Step;
import dev.kluis.vault.store.MemoryStore.Snapshot;
import dev.kluis.vault.store.RecordBytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Kills at every step of the store, torn records, and a process that was away while another worked. */
class StoreFaultsTest {

    private final Engine engine = new Engine().withVault();
    private FaultyStore store = new FaultyStore(engine.store);

    /** A process with an engine, beside the one that the test looks with. */
    private Vault process() {
        store = new FaultyStore(engine.store);
        return Engine.started(new Vault.Surroundings(
                store,
                store.anchor(engine.anchor),
                new RootKeySeal("test", engine.root, engine.random),
                engine.assignments,
                engine.audit::add,
                engine.newer::add,
                new Timekeeper(() -> engine.now, () -> engine.passed.toNanos()),
                engine.random,
                engine.keys));
    }

    /** What a caller does in a process that is killed at a step; whether it came to that step. */
    private boolean killedAt(int step, boolean afterwards, Consumer<Vault> work) {
        engine.vault.close();
        var steps = new AtomicInteger();
        boolean killed = false;
        try (var vault = process()) {
            store.plan(next ->
                    steps.getAndIncrement() == step ? afterwards ? Fate.KILLED_AFTER : Fate.KILLED_BEFORE : Fate.DONE);
            try {
                work.accept(vault);
            } catch (Killed e) {
                killed = true;
            }
        }
        engine.restart();
        assertThat(engine.vault.quarantined()).isEmpty();
        return killed;
    }

    /** Makes a new version, whose large value makes older ones move out of the record, deletes, recovers and purges. */
    private void lifeOfASecret(Vault vault) {
        var officer = engine.with(Role.SECRETS_OFFICER);
        for (int i = 0; i < 6; i++) {
            vault.execute(officer, Engine.set("large", i + "x".repeat(25_000)));
        }
        vault.checkpoint();
        byte[] blob = vault.execute(officer, new ObjectBackup(secret("large")));
        vault.execute(officer, new ObjectDelete(secret("large")));
        vault.execute(officer, new ObjectRecover(secret("large"), Optional.empty()));
        vault.execute(officer, new ObjectDelete(secret("large")));
        vault.execute(officer, new ObjectPurge(secret("large")));
        vault.execute(officer, ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, blob));
        vault.execute(officer, new ObjectDelete(secret("large")));
        vault.execute(officer, new ObjectPurge(secret("large")));
        vault.checkpoint();
    }

    private void atEveryStep(Consumer<Vault> work, Runnable afterwards) {
        for (boolean after : new boolean[] {false, true}) {
            for (int step = 0; killedAt(step, after, work); step++) {
                afterwards.run();
            }
            afterwards.run();
        }
    }

    @Test
    void fault_19_killed_at_any_step_of_a_secrets_life_it_is_whole_and_goes_on() {
        engine.put("other", "stays");
        atEveryStep(this::lifeOfASecret, () -> {
            assertThat(engine.get("other")).isEqualTo("stays");
            var there = engine.vault.summary(secret("large"));
            if (there.isPresent()) {
                if (there.get().lifecycle() instanceof Lifecycle.Deleted) {
                    engine.as(Role.SECRETS_OFFICER, new ObjectRecover(secret("large"), Optional.empty()));
                }
                assertThat(engine.get("large")).hasSize(25_001);
                engine.put("large", "more");
                engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("large")));
                engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("large")));
            }
            engine.vault.checkpoint();
            engine.vault.contentSweep().sweep();
            engine.vault.contentSweep().sweep();
            assertThat(engine.store.contentCount()).isZero();
        });
    }

    /** A vault's end, and the one of the same name that follows it. */
    private void endOfAVault(Vault vault) {
        for (var name : List.of("a", "b")) {
            vault.execute(engine.with(Role.SECRETS_OFFICER), new ObjectDelete(secret(name)));
            vault.execute(engine.with(Role.SECRETS_OFFICER), new ObjectPurge(secret(name)));
        }
        vault.checkpoint();
        vault.execute(Engine.DECLARATION, new VaultDelete(PAYMENTS));
        vault.execute(engine.with(Role.PURGE_OPERATOR), new VaultPurge(PAYMENTS));
        vault.execute(Engine.DECLARATION, new VaultPut(PAYMENTS, Engine.settings(90, false)));
        vault.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "anew"));
    }

    @Test
    void fault_19_killed_at_any_step_of_a_vaults_end_its_name_can_be_used_and_all_is_audited() {
        engine.put("a", "one");
        engine.put("b", "two");
        engine.vault.checkpoint();
        atEveryStep(this::endOfAVault, () -> {
            var purges = engine.vault.summary(ObjectId.vault(PAYMENTS)).orElseThrow();
            if (purges.lifecycle() instanceof Lifecycle.Purged) {
                assertThat(engine.audit).anyMatch(line -> line.operation().equals("VaultPurge"));
            }
            engine.audit.clear();
            engine.withVault();
            putAnew("a", "one");
            putAnew("b", "two");
            engine.restart();
            assertThat(engine.vault.quarantined()).isEmpty();
            assertThat(engine.get("a")).isEqualTo("one");
            assertThat(engine.get("b")).isEqualTo("two");
            engine.vault.checkpoint();
        });
    }

    private void putAnew(String name, String value) {
        var there = engine.vault.summary(secret(name));
        if (there.filter(one -> one.lifecycle() instanceof Lifecycle.Deleted).isPresent()) {
            engine.as(Role.SECRETS_OFFICER, new ObjectRecover(secret(name), Optional.empty()));
        }
        engine.put(name, value);
    }

    @Test
    void fault_20_a_record_of_which_only_a_part_was_written_is_refused_alone() {
        engine.put("a", "one");
        engine.put("b", "other");
        var good = engine.store.read(secret("a")).orElseThrow().bytes();
        for (int length = 0; length < good.sealed().length; length += 7) {
            var torn = new RecordBytes(good.header(), Arrays.copyOf(good.sealed(), length));
            engine.store.tamper(secret("a"), torn);
            assertUnreadable("a");
        }
        for (int length = 0; length < good.header().length; length += 7) {
            engine.store.tamper(secret("a"), new RecordBytes(Arrays.copyOf(good.header(), length), good.sealed()));
            assertUnreadable("a");
        }
        assertThat(engine.get("b")).isEqualTo("other");
        engine.store.tamper(secret("a"), good);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    private void assertUnreadable(String name) {
        assertThatThrownBy(() -> engine.get(name))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(VaultException.Code.UNREADABLE));
    }

    @Test
    void fault_21_a_process_that_was_away_writes_over_nothing_and_serves_the_newest_when_it_is_told() {
        engine.put("a", "one");
        var officer = engine.with(Role.SECRETS_OFFICER);
        try (var away = process()) {
            var writes = new AtomicInteger();
            store.pause();
            store.plan(step -> {
                if (step == Step.COMPARE_AND_SET && writes.getAndIncrement() == 0) {
                    engine.put("a", "by the other"); // at the last moment before the write
                }
                return Fate.DONE;
            });
            var version = away.execute(officer, Engine.set("a", "by the one that was away"));

            // It decided again on what the other had written: nothing is lost, and the order is one.
            assertThat(writes).hasValue(2);
            assertThat(engine.get("a")).isEqualTo("by the one that was away");
            var versions = engine.as(Role.READER, new ObjectGetMetadata(secret("a")))
                    .orElseThrow()
                    .state()
                    .versions();
            assertThat(versions).hasSize(3).last().isEqualTo(version);
            engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
            assertThatThrownBy(() -> away.execute(officer, Engine.set("a", "late")))
                    .isInstanceOfSatisfying(
                            VaultException.class, e -> assertThat(e.code()).isEqualTo(VaultException.Code.DELETED));
            store.proceed();
            assertThat(away.quarantined()).isEmpty();
        }
    }

    @Test
    void fault_21_a_process_that_was_away_does_not_put_back_how_far_the_checkpoints_have_come() {
        engine.put("a", "one");
        var before = new AtomicReference<Snapshot>();
        try (var away = process()) {
            away.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "two"));
            store.plan(step -> {
                if (step == Step.WRITE_ANCHOR && before.get() == null) { // its checkpoint is written, and it is away
                    before.set(engine.store.snapshot());
                    engine.put("a", "three");
                    assertThat(engine.vault.checkpoint()).isOne();
                }
                return Fate.DONE;
            });
            assertThat(away.checkpoint()).isOne();
        }
        engine.vault.close();
        engine.store.putBack(before.get());
        engine.restart();

        assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);
        assertThat(engine.vault.quarantined()).contains(ObjectId.vault(PAYMENTS));
    }

    @Test
    void a_value_that_is_sealed_anew_while_it_is_read_is_read_where_it_is() {
        var oldest = engine.put("large", "0" + "x".repeat(25_000));
        for (int i = 1; i < 6; i++) {
            engine.put("large", i + "x".repeat(25_000));
        }
        var user = engine.with(Role.SECRETS_USER);
        try (var other = process()) {
            var reads = new AtomicInteger();
            store.plan(step -> {
                if (step == Step.READ_CONTENT && reads.getAndIncrement() == 0) {
                    engine.vault.execute(Engine.DECLARATION, new VaultRotateKeys(PAYMENTS, "1"));
                    assertThat(engine.vault.resealing().advance(PAYMENTS, 10)).isPositive();
                }
                return Fate.DONE;
            });
            var fetched =
                    other.execute(user, new SecretGet(secret("large"), Optional.of(oldest.id()), Optional.empty()));
            assertThat(fetched.version()).isEqualTo(oldest.id());
            ((Fetched.Value) fetched).value().close();
            assertThat(reads).hasValue(2);
        }
    }

    @Test
    void the_clockwork_purges_nothing_before_its_date_whatever_it_found_due() {
        engine.put("a", "one");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        assertThatThrownBy(() -> engine.vault.execute(new Caller.Clockwork(), new ObjectPurge(secret("a"))))
                .hasMessageContaining("is not due");
        engine.pass(Duration.ofDays(90));
        assertThat(engine.purgeDue()).isOne();
    }
}
