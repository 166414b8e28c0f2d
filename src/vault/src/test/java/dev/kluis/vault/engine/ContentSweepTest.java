package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.ObjectId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentSweepTest {

    private final Engine engine = new Engine().withVault();

    /** As a kill between a content and its record leaves one. */
    private void orphan() {
        engine.store.putContent(secret("a"), "00".repeat(16) + "-1", new byte[] {1});
    }

    private void largeHistory() {
        IntStream.range(0, 6).forEach(i -> engine.put("large", "x".repeat(25_000 + i)));
        IntStream.range(0, 300).forEach(i -> engine.put("s" + i, "value"));
        engine.vault.checkpoint();
    }

    @Test
    void an_orphan_goes_at_the_second_sweep_and_what_records_name_stays() {
        largeHistory();
        int needed = engine.store.contentCount();
        assertThat(needed).isGreaterThan(2);
        orphan();
        assertThat(engine.vault.contentSweep().sweep()).isZero();
        assertThat(engine.vault.contentSweep().sweep()).isOne();
        assertThat(engine.store.contentCount()).isEqualTo(needed);
        assertThat(engine.vault.contentSweep().sweep()).isZero();

        engine.restart();
        assertThat(engine.get("large")).hasSize(25_005);
        assertThat(engine.vault.quarantined()).isEmpty();
    }

    @Test
    void nothing_goes_while_a_record_cannot_be_read() {
        largeHistory();
        orphan();
        var good = engine.store.read(secret("large")).orElseThrow().bytes();
        engine.store.tamper(
                secret("large"),
                engine.store.read(ObjectId.vault(PAYMENTS)).orElseThrow().bytes());
        assertThat(engine.vault.contentSweep().sweep()).isZero();
        assertThat(engine.vault.contentSweep().sweep()).isZero();

        engine.store.tamper(secret("large"), good);
        assertThat(engine.vault.contentSweep().sweep()).isZero();
        assertThat(engine.vault.contentSweep().sweep()).isOne();
    }
}
