package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.store.RecordBytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TamperingTest {

    private final Engine engine = new Engine().withVault();

    @Test
    void a_changed_record_is_refused_alone_and_a_good_one_in_its_place_serves_again() {
        engine.put("a", "one");
        engine.put("b", "two");
        var good = bytesOf("a");
        engine.store.tamper(secret("a"), new RecordBytes(good.header(), flip(good.sealed(), 12 * 8)));

        assertUnreadable("a");
        assertThat(engine.get("b")).isEqualTo("two");
        assertThatThrownBy(() -> engine.put("a", "over it"))
                .extracting(e -> ((VaultException) e).code())
                .isEqualTo(VaultException.Code.UNREADABLE);
        engine.restart();
        assertUnreadable("a");
        engine.store.tamper(secret("a"), good);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void attack_20_no_changed_bit_of_a_record_is_ever_served() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        engine.put("a", "one");
        var good = bytesOf("a");
        for (int i = 0; i < 500; i++) {
            boolean header = random.nextBoolean();
            var bad = header
                    ? new RecordBytes(flip(good.header(), random.nextInt(good.header().length * 8)), good.sealed())
                    : new RecordBytes(good.header(), flip(good.sealed(), random.nextInt(good.sealed().length * 8)));
            engine.store.tamper(secret("a"), bad);
            assertUnreadable("a");
        }
        engine.store.tamper(secret("a"), good);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void attack_20_a_record_moved_to_another_name_is_refused() {
        engine.put("a", "one");
        engine.put("b", "two");
        engine.store.tamper(secret("b"), bytesOf("a"));

        assertUnreadable("b");
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void attack_20_a_record_that_is_put_back_is_refused_at_once() {
        engine.put("a", "one");
        var old = bytesOf("a");
        engine.put("a", "two");
        engine.put("b", "other");
        engine.store.tamper(secret("a"), old);

        await().untilAsserted(() -> assertUnreadable("a"));
        assertThatThrownBy(() -> engine.put("a", "three")).hasMessageContaining("an older record");
        assertThat(engine.get("b")).isEqualTo("other");
    }

    @Test
    void attack_20_a_record_that_was_taken_away_does_not_come_back_older() {
        engine.put("a", "one");
        var old = bytesOf("a");
        engine.put("a", "two");
        var newest = bytesOf("a");
        engine.store.steal(secret("a"));
        engine.store.tamper(secret("a"), old);
        assertUnreadable("a");

        engine.store.tamper(secret("a"), newest);
        assertThat(engine.get("a")).isEqualTo("two");
    }

    @Test
    void a_vanished_record_is_noticed() {
        engine.put("a", "one");
        engine.store.steal(secret("a"));

        assertThatThrownBy(() -> engine.get("a")).hasMessageContaining("vanished");
    }

    @Test
    void a_changed_vault_record_closes_that_vault() {
        engine.put("a", "one");
        var id = ObjectId.vault(Engine.PAYMENTS);
        var good = engine.store.read(id).orElseThrow().bytes();
        engine.store.tamper(id, new RecordBytes(good.header(), flip(good.sealed(), 100)));
        assertThatThrownBy(() -> engine.get("a")).isInstanceOf(VaultException.class);

        engine.store.tamper(id, good);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void another_root_key_opens_nothing() {
        engine.put("a", "one");
        var elsewhere = new Engine();
        engine.store.watch(change -> {
            if (change instanceof dev.kluis.vault.store.Change.Put put) {
                elsewhere.store.tamper(put.stored().id(), put.stored().bytes());
            }
        });
        assertThatThrownBy(() -> elsewhere.vault.execute(
                        Engine.DECLARATION,
                        new dev.kluis.vault.VaultOperations.VaultPut(Engine.PAYMENTS, Engine.settings(90, false))))
                .hasMessageContaining("does not open under this root key");
    }

    private RecordBytes bytesOf(String name) {
        return engine.store.read(secret(name)).orElseThrow().bytes();
    }

    private void assertUnreadable(String name) {
        var user = engine.with(Role.SECRETS_USER);
        assertThatThrownBy(() -> engine.get(user, name, java.util.Optional.empty()))
                .extracting(e -> ((VaultException) e).code())
                .isEqualTo(VaultException.Code.UNREADABLE);
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        return changed;
    }
}
