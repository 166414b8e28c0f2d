package dev.kluis.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MountsTest {

    private static final VaultId VAULT = new VaultId("team", "ours");
    private static final ObjectId DB = ObjectId.secret(VAULT, "db");
    private static final PodIdentity POD = new PodIdentity("team", "pod", "uid-1", "api", "node-1");

    private Instant now = Instant.EPOCH;
    private final Mounts mounts = new Mounts(() -> now);

    @Test
    void a_pod_is_known_by_what_it_fetched() {
        assertThat(mounts.seen(POD, Map.of(DB, "v1"))).isTrue();
        assertThat(mounts.seen(POD, Map.of(DB, "v2"))).isFalse();

        assertThat(mounts.of(DB)).containsExactly(POD);
        assertThat(mounts.of(VAULT)).containsExactly(POD);
        assertThat(mounts.version(POD, DB)).contains("v2");
    }

    @Test
    void a_pod_that_is_silent_for_ten_minutes_is_forgotten() {
        mounts.seen(POD, Map.of(DB, "v1"));
        now = now.plus(Duration.ofMinutes(10));
        assertThat(mounts.of(DB)).containsExactly(POD);
        now = now.plusSeconds(2);

        assertThat(mounts.of(DB)).isEmpty();
        assertThat(mounts.of(VAULT)).isEmpty();
        assertThat(mounts.version(POD, DB)).isEmpty();
    }

    @Test
    void a_pod_that_is_gone_is_forgotten_at_once() {
        mounts.seen(POD, Map.of(DB, "v1"));
        mounts.gone(POD);
        assertThat(mounts.of(DB)).isEmpty();
    }
}
