package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.record.Checkpoint;
import dev.kluis.vault.record.Checkpoint.Inline;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.store.MemoryStore.Snapshot;
import dev.kluis.vault.store.RecordBytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private final Engine engine = new Engine().withVault();

    private RecordBytes bytesOf(String name) {
        return engine.store.read(secret(name)).orElseThrow().bytes();
    }

    private void assertUnreadable(String name, String why) {
        assertThatThrownBy(() -> engine.get(name))
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(((VaultException) e).code()).isEqualTo(VaultException.Code.UNREADABLE));
    }

    private void assertClosed(String why) {
        assertThatThrownBy(() ->
                        engine.vault.execute(Engine.DECLARATION, new VaultPut(PAYMENTS, Engine.settings(90, false))))
                .hasMessageContaining(why)
                .hasMessageContaining("kluis vault accept-restore payments/payments");
        assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);
    }

    /** While no process runs, somebody changes the store; then one starts. */
    private void whileStopped(Runnable change) {
        engine.vault.close();
        change.run();
        engine.restart();
    }

    @Test
    void attack_20_a_record_put_back_while_nobody_looked_is_refused_and_the_others_are_served() {
        engine.put("a", "one");
        engine.put("b", "other");
        var old = bytesOf("a");
        engine.put("a", "two");
        engine.vault.checkpoint();

        whileStopped(() -> engine.store.tamper(secret("a"), old));
        assertUnreadable("a", "an older record");
        assertThat(engine.get("b")).isEqualTo("other");
    }

    @Test
    void attack_20_a_record_taken_away_while_nobody_looked_is_missed() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        var newest = bytesOf("a");

        whileStopped(() -> engine.store.steal(secret("a")));
        assertUnreadable("a", "vanished");
        assertThatThrownBy(() -> engine.put("a", "mine")).hasMessageContaining("vanished");

        engine.store.tamper(secret("a"), newest);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void attack_20_a_vault_taken_away_whole_is_not_made_anew() {
        engine.put("a", "one");
        engine.vault.checkpoint();

        whileStopped(() -> engine.store.putBack(new Snapshot(List.of())));
        assertThatThrownBy(() ->
                        engine.vault.execute(Engine.DECLARATION, new VaultPut(PAYMENTS, Engine.settings(90, false))))
                .hasMessageContaining("gone from the store")
                .hasMessageContaining("kluis vault accept-restore payments/payments");
    }

    @Test
    void attack_20_a_store_put_back_as_a_whole_is_refused_until_somebody_accepts_it() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        var before = engine.store.snapshot();
        engine.put("a", "two");
        engine.put("b", "later");
        engine.vault.checkpoint();

        whileStopped(() -> engine.store.putBack(before));
        assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> engine.as(Role.SECRETS_OFFICER, new VaultAcceptRestore(PAYMENTS)))
                .hasMessageContaining("may not acceptRestore/action");

        engine.as(Role.ADMINISTRATOR, new VaultAcceptRestore(PAYMENTS));
        assertThat(engine.get("a")).isEqualTo("one");
        engine.put("b", "again");
        assertThat(engine.audit.stream()
                        .filter(record -> record.operation().equals("VaultAcceptRestore"))
                        .map(record -> record.result().type()))
                .containsExactly("FORBIDDEN", "Begun", "Success");

        engine.restart();
        assertThat(engine.get("b")).isEqualTo("again");
    }

    @Test
    void what_vanished_can_be_given_up() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        whileStopped(() -> engine.store.steal(secret("a")));
        assertUnreadable("a", "vanished");

        engine.as(Role.ADMINISTRATOR, new VaultAcceptRestore(PAYMENTS));
        engine.put("a", "new");
        engine.vault.checkpoint();
        engine.restart();
        assertThat(engine.get("a")).isEqualTo("new");
    }

    @Test
    void a_checkpoint_taken_away_closes_its_vault_and_no_other() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        whileStopped(() -> engine.store.steal(ObjectId.checkpoint(PAYMENTS)));
        assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);
    }

    @Test
    void attack_20_no_changed_bit_of_a_checkpoint_lets_a_rollback_through() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var random = new Random(seed);
        engine.put("a", "one");
        var old = bytesOf("a");
        engine.put("a", "two");
        engine.vault.checkpoint();
        var newest = bytesOf("a");
        var id = ObjectId.checkpoint(PAYMENTS);
        var good = engine.store.read(id).orElseThrow().bytes();
        for (int i = 0; i < 100; i++) {
            byte[] header = good.header().clone();
            byte[] sealed = good.sealed().clone();
            int bit = random.nextInt((header.length + sealed.length) * 8);
            if (bit / 8 < header.length) {
                header[bit / 8] ^= (byte) (1 << bit % 8);
            } else {
                sealed[bit / 8 - header.length] ^= (byte) (1 << bit % 8);
            }
            whileStopped(() -> {
                engine.store.tamper(id, new RecordBytes(header, sealed));
                engine.store.tamper(secret("a"), old);
            });
            assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);
        }
        whileStopped(() -> {
            engine.store.tamper(id, good);
            engine.store.tamper(secret("a"), newest);
        });
        assertThat(engine.get("a")).isEqualTo("two");
    }

    /** Somebody has all keys of the vault, such as from an old root's backup, and hides a rollback. */
    @Test
    void attack_20_a_checkpoint_that_the_root_did_not_sign_closes_its_vault_and_says_so() throws Exception {
        engine.put("a", "one");
        var old = bytesOf("a");
        engine.put("a", "two");
        engine.vault.checkpoint();
        var newest = bytesOf("a");
        var id = ObjectId.checkpoint(PAYMENTS);
        var stored = engine.store.read(id).orElseThrow().bytes();
        var ours = new RecordFormat(new RootKeySeal("test", engine.root, engine.random), engine.random);
        var theirs = new RecordFormat(
                new RootKeySeal("test", SealingKey.generate(engine.random), engine.random), engine.random);
        var vault = ours.readVault(
                        ObjectId.vault(PAYMENTS),
                        engine.store
                                .read(ObjectId.vault(PAYMENTS))
                                .orElseThrow()
                                .bytes())
                .state();
        var good = ours.checkpoints().read(id, stored, vault);
        var marks = new TreeMap<>(((Inline) good.state().marks()).marks());
        marks.remove(secret("a"));
        var forged = theirs.checkpoints()
                .write(vault, good.header(), new Checkpoint(good.state().moment(), new Inline(marks)));
        whileStopped(() -> {
            engine.store.tamper(id, forged);
            engine.store.tamper(secret("a"), old);
        });
        assertClosed("not signed by a key of this root");

        byte[] unsigned = Arrays.copyOf(stored.sealed(), stored.sealed().length - 96);
        whileStopped(() -> engine.store.tamper(id, new RecordBytes(stored.header(), unsigned)));
        assertClosed("its checkpoint cannot be read");

        byte[] spliced = Arrays.copyOf(forged.sealed(), forged.sealed().length);
        System.arraycopy(stored.sealed(), stored.sealed().length - 96, spliced, spliced.length - 96, 96);
        whileStopped(() -> engine.store.tamper(id, new RecordBytes(forged.header(), spliced)));
        assertClosed("its signature is not over it");

        whileStopped(() -> {
            engine.store.tamper(id, stored);
            engine.store.tamper(secret("a"), newest);
        });
        assertThat(engine.get("a")).isEqualTo("two");
    }

    @Test
    void a_crash_between_two_checkpoints_loses_nothing_and_tells_what_no_checkpoint_names() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        engine.put("b", "two");
        engine.put("a", "three");

        engine.restart();
        assertThat(engine.get("a")).isEqualTo("three");
        assertThat(engine.newer).extracting(RecordHeader::id).containsExactlyInAnyOrder(secret("a"), secret("b"));

        engine.vault.checkpoint();
        engine.restart();
        assertThat(engine.newer).isEmpty();
    }

    @Test
    void a_checkpoint_is_written_only_of_what_changed() {
        engine.put("a", "one");
        assertThat(engine.vault.checkpoint()).isOne();
        assertThat(engine.vault.checkpoint()).isZero();
        engine.get("a");
        assertThat(engine.vault.checkpoint()).isZero();
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        assertThat(engine.vault.checkpoint()).isOne();
    }

    @Test
    void attack_20_a_large_vault_is_checked_too_and_a_change_writes_one_bucket() {
        for (int i = 0; i < 1000; i++) {
            engine.put("s" + i, "value");
        }
        engine.vault.checkpoint();
        int contents = engine.store.contentCount();
        assertThat(contents).isBetween(2, 16);
        var before = engine.store.contentVersions();
        var old = bytesOf("s500");
        engine.put("s500", "other");
        engine.vault.checkpoint();
        assertThat(engine.store.contentCount()).isEqualTo(contents);
        var after = engine.store.contentVersions();
        after.retainAll(before);
        assertThat(after).hasSize(contents - 1);

        whileStopped(() -> {
            engine.store.tamper(secret("s500"), old);
            engine.store.steal(secret("s7"));
        });
        assertUnreadable("s500", "an older record");
        assertUnreadable("s7", "vanished");
        assertThat(engine.get("s8")).isEqualTo("value");
    }

    @Test
    void a_purged_secret_is_not_brought_back_from_the_store() {
        engine.put("a", "one");
        var old = bytesOf("a");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        engine.as(Role.SECRETS_OFFICER, new ObjectPurge(secret("a")));
        engine.vault.checkpoint();
        whileStopped(() -> engine.store.tamper(secret("a"), old));
        assertUnreadable("a", "an older record");
    }

    @Test
    void a_purged_vault_stays_purged_and_its_name_is_free_whenever_the_process_ends() {
        for (boolean late : new boolean[] {false, true}) {
            engine.put("a", "one");
            engine.vault.checkpoint();
            engine.vault.execute(Engine.DECLARATION, new VaultDelete(PAYMENTS));
            engine.pass(Duration.ofDays(90));
            engine.purgeDue();
            if (late) {
                engine.vault.checkpoint();
            }
            engine.restart();
            engine.vault.execute(Engine.DECLARATION, new VaultPut(PAYMENTS, Engine.settings(90, false)));
            engine.put("a", "new");
            assertThat(engine.get("a")).isEqualTo("new");
        }
    }
}
