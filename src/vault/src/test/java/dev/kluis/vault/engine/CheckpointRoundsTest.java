package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.VersionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may happen while checkpoints wait for the audit. */
@Timeout(60)
class CheckpointRoundsTest {

    private static final VaultId BILLING = new VaultId("billing", "billing");
    private static final KeyCreate KEY = new KeyCreate(
            ObjectId.key(PAYMENTS, "pay"),
            new WantedKey("EC", Optional.empty(), Optional.empty(), Optional.empty()),
            NewKey.USUAL);

    private final Engine engine = new Engine().withVault();
    private final AtomicBoolean stuck = new AtomicBoolean();
    private final AtomicBoolean written = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();
    private Runnable meanwhile = () -> {};
    private final Vault process;

    CheckpointRoundsTest() {
        engine.vault.checkpoint();
        engine.vault.close();
        process = engine.other(new AuditSink() {
            @Override
            public void accept(AuditRecord record) {}

            @Override
            public Told take(AuditRecord record) {
                return limit -> written.get();
            }

            @Override
            public boolean flush(Duration limit) {
                asked.incrementAndGet();
                var once = meanwhile;
                meanwhile = () -> {};
                once.run();
                return !stuck.get();
            }
        });
    }

    @AfterEach
    void close() {
        process.close();
    }

    private void put(String name, String value) {
        process.execute(engine.with(Role.SECRETS_OFFICER), Engine.set(name, value));
    }

    private void makeBilling() {
        process.execute(
                new Caller.Resource(new Owner("Vault", "billing", "billing"), "uid-billing"),
                new VaultPut(BILLING, Engine.settings(90, false)));
    }

    @Test
    void attack_a_tenant_whose_keys_take_long_to_make_holds_up_no_checkpoint() throws Exception {
        var making = new CountDownLatch(1);
        var checked = new CountDownLatch(1);
        engine.keys.meanwhile = () -> {
            making.countDown();
            try {
                checked.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        var tenant = engine.with(Role.CRYPTO_OFFICER);
        put("a", "one");
        makeBilling();
        var slow = Thread.ofPlatform().start(() -> process.execute(tenant, KEY));
        making.await();

        assertThat(process.checkpoint()).isEqualTo(2);
        checked.countDown();
        slow.join();
        assertThat(process.checkpoint()).isOne();
    }

    @Test
    void the_audit_is_asked_once_for_all_vaults_and_before_anything_is_written() {
        makeBilling();
        for (int i = 0; i < 300; i++) {
            put("s" + i, "value");
        }
        stuck.set(true);
        int contents = engine.store.contentCount();

        assertThat(process.checkpoint()).isZero();
        assertThat(asked).hasValue(1);
        assertThat(engine.store.contentCount()).isEqualTo(contents);

        stuck.set(false);
        assertThat(process.checkpoint()).isEqualTo(2);
        assertThat(asked).hasValue(2);
        assertThat(engine.store.contentCount()).isGreaterThan(contents);
    }

    @Test
    void what_is_changed_while_the_audit_is_asked_is_named_by_the_next_checkpoint() {
        put("a", "one");
        meanwhile = () -> put("b", "two");
        assertThat(process.checkpoint()).isOne();
        engine.restart();
        assertThat(engine.newer)
                .singleElement()
                .satisfies(header -> assertThat(header.id()).isEqualTo(secret("b")));

        assertThat(process.checkpoint()).isOne();
        engine.restart();
        assertThat(engine.newer).isEmpty();
    }

    @Test
    void a_vault_that_gets_other_keys_while_the_audit_is_asked_is_left_for_the_next_time() {
        put("a", "one");
        meanwhile = () -> process.execute(Engine.DECLARATION, new VaultRotateKeys(PAYMENTS, "1"));
        assertThat(process.checkpoint()).isZero();
        assertThat(process.checkpoint()).isOne();
    }

    @Test
    void a_restore_is_accepted_while_the_audit_is_asked() throws Exception {
        put("a", "one");
        makeBilling();
        var administrator = engine.with(Role.ADMINISTRATOR);
        var accepting = new CountDownLatch(1);
        meanwhile = () -> {
            Thread.ofPlatform().start(() -> {
                process.execute(administrator, new VaultAcceptRestore(PAYMENTS));
                accepting.countDown();
            });
            try {
                assertThat(accepting.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };

        assertThat(process.checkpoint())
                .as("what was accepted has its own already")
                .isOne();
        engine.restart();
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void checkpoints_that_do_not_come_are_said_once_and_so_is_that_they_come_again() {
        List<LogRecord> said = new CopyOnWriteArrayList<>();
        var logger = Logger.getLogger("dev.kluis.vault.OverdueCheckpoints");
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            put("a", "one");
            stuck.set(true);
            for (int i = 0; i < 12; i++) {
                process.checkpoint();
            }
            stuck.set(false);
            process.checkpoint();
            put("a", "two");
            process.checkpoint();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(said).extracting(LogRecord::getLevel).containsExactly(Level.WARNING, Level.INFO);
        assertThat(said).allSatisfy(line -> assertThat(line.getParameters()).contains(PAYMENTS));
    }

    /** Makes a key, and shows what was to be stored of it. */
    private record Shown(KeyCreate create, List<SecretBytes> values) implements ObjectOperation<VersionView> {

        @Override
        public ObjectId target() {
            return create.target();
        }

        @Override
        public Action action() {
            return create.action();
        }

        @Override
        public Outcome<VersionView> decide(Situation situation) {
            var outcome = create.decide(situation);
            values.addAll(((Outcome.Put<VersionView>) outcome).values().values());
            return outcome;
        }
    }

    @Test
    void a_new_key_that_the_audit_has_no_place_for_is_zeroed() {
        var officer = engine.with(Role.CRYPTO_OFFICER);
        written.set(false);
        process.execute(officer, KEY);
        var next = new Shown(KEY, new ArrayList<>());

        assertThatThrownBy(() -> process.execute(officer, next)).isInstanceOf(AuditUnavailableException.class);

        assertThat(next.values())
                .singleElement()
                .satisfies(value -> assertThatThrownBy(() -> value.reveal(SecretAccess.GRANTED))
                        .isInstanceOf(IllegalStateException.class));
    }
}
