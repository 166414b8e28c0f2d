package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultOperations.VaultRetireKeys;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.MemoryStore.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The keys of a vault are replaced while it is used. */
class KeyRotationTest {

    private static final int SECRETS = 20;

    private final Engine engine = new Engine().withVault();

    private void fill() {
        IntStream.range(0, SECRETS).forEach(i -> engine.put("s" + i, "value " + i));
        // One with values in contents, and one with a history.
        IntStream.range(0, 6).forEach(i -> engine.put("large", "x".repeat(25_000 + i)));
        engine.put("s0", "value 0");
    }

    private void everythingIsThere() {
        IntStream.range(0, SECRETS).forEach(i -> assertThat(engine.get("s" + i)).isEqualTo("value " + i));
        assertThat(engine.get("large")).hasSize(25_005);
        assertThat(engine.vault.quarantined()).isEmpty();
    }

    private void rotate(String value) {
        engine.vault.execute(Engine.DECLARATION, new VaultRotateKeys(PAYMENTS, value));
    }

    private Progress progress() {
        return engine.vault.resealing().progress(PAYMENTS).orElseThrow();
    }

    private int clockwork() {
        return engine.clockwork().reseal();
    }

    private Map<ObjectId, RecordHeader> secretHeaders() throws MalformedRecordException {
        var headers = new HashMap<ObjectId, RecordHeader>();
        for (var stored : engine.store.snapshot().records()) {
            if (stored.id().kind().named()) {
                headers.put(stored.id(), RecordHeader.decode(stored.bytes().header()));
            }
        }
        return headers;
    }

    @Test
    void all_records_are_sealed_under_the_new_key_with_their_headers_as_they_were_and_the_old_key_goes()
            throws Exception {
        fill();
        var headers = secretHeaders();
        int contents = engine.store.contentCount();
        assertThat(contents).isPositive();
        rotate("1");
        assertThat(progress().generation()).isEqualTo(2);
        assertThat(progress().behind()).isEqualTo(SECRETS + 1);
        everythingIsThere();

        assertThat(clockwork()).isEqualTo(SECRETS + 1);
        assertThat(progress().behind()).isZero();
        assertThat(progress().rotating()).isTrue();
        assertThat(secretHeaders()).isEqualTo(headers);
        assertThat(engine.store.contentCount()).isEqualTo(contents);
        everythingIsThere();

        engine.pass(VaultRetireKeys.QUIET);
        clockwork();
        assertThat(progress().rotating()).isFalse();
        everythingIsThere();
        engine.restart();
        everythingIsThere();
        assertThat(progress().rotating()).isFalse();
    }

    @Test
    void attack_19_a_kill_at_any_record_loses_nothing_and_the_next_process_goes_on() {
        fill();
        rotate("1");
        while (progress().behind() > 0) {
            engine.vault.resealing().advance(PAYMENTS, 3);
            engine.restart();
            everythingIsThere();
        }
        engine.pass(VaultRetireKeys.QUIET);
        clockwork();
        engine.restart();
        everythingIsThere();
    }

    @Test
    void writes_go_on_in_the_middle_of_it() {
        fill();
        rotate("1");
        engine.vault.resealing().advance(PAYMENTS, 5);
        engine.put("s19", "value 19");
        engine.put("new", "made under the new key");
        clockwork();
        everythingIsThere();
        assertThat(engine.get("new")).isEqualTo("made under the new key");
    }

    @Test
    void the_old_key_stays_while_anything_needs_it() {
        fill();
        var good = engine.store.read(secret("s3")).orElseThrow().bytes();
        rotate("1");
        engine.store.tamper(
                secret("s3"), engine.store.read(secret("s4")).orElseThrow().bytes());
        clockwork();
        engine.pass(VaultRetireKeys.QUIET);
        clockwork();
        assertThat(progress().rotating()).isTrue();
        assertThat(progress().behind()).isOne();

        engine.store.tamper(secret("s3"), good);
        clockwork();
        assertThat(progress().rotating()).isFalse();
        everythingIsThere();
    }

    @Test
    void a_second_rotation_waits_for_the_first() {
        fill();
        rotate("1");
        assertThatThrownBy(() -> rotate("2")).hasMessageContaining("still under way");
    }

    @Test
    void what_was_sealed_under_a_key_that_is_gone_does_not_come_back() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        Snapshot old = engine.store.snapshot();
        rotate("1");
        clockwork();
        engine.pass(VaultRetireKeys.QUIET);
        engine.vault.checkpoint();
        clockwork();
        assertThat(progress().rotating()).isFalse();
        engine.vault.checkpoint();

        old.records().stream()
                .filter(stored -> stored.id().equals(secret("a")))
                .forEach(stored -> engine.store.tamper(stored.id(), stored.bytes()));
        assertThatThrownBy(() -> engine.get("a")).hasMessageContaining("no data key of generation 1");
    }
}
