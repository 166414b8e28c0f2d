package dev.kluis.csi.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.csi.cache.NodeCache.Slot;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeCacheTest {

    private static final String VERSION = "0".repeat(32);

    private final NodeCache cache = new NodeCache(64 * 1024, InstantSource.fixed(Instant.EPOCH), new SecureRandom());

    private static Slot slot(String account, String object) {
        return new Slot("team", account, "uid-" + account, "team", "vault", object, "");
    }

    private void put(Slot slot, String value) {
        cache.put(slot, VERSION, SecretBytes.copyOf(value.getBytes(UTF_8)), Duration.ofHours(1));
    }

    @Test
    void a_copy_opens_for_whom_it_was_kept() {
        put(slot("api", "db"), "value");
        var copy = cache.find(slot("api", "db")).orElseThrow();

        try (var opened = cache.open(slot("api", "db"), copy)) {
            assertThat(opened.reveal(SecretAccess.GRANTED)).asString(UTF_8).isEqualTo("value");
        }
        assertThat(copy.offlineAt(Instant.EPOCH.plusSeconds(3599))).isTrue();
        assertThat(copy.offlineAt(Instant.EPOCH.plusSeconds(3600))).isFalse();
    }

    @Test
    void a_copy_opens_for_nobody_else() {
        put(slot("api", "db"), "value");
        var copy = cache.find(slot("api", "db")).orElseThrow();

        assertThat(cache.find(slot("web", "db"))).isEmpty();
        assertThatThrownBy(() -> cache.open(slot("web", "db"), copy)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cache.open(slot("api", "other"), copy)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void it_keeps_no_more_than_it_may() {
        String value = "x".repeat(1000);
        IntStream.range(0, 200).forEach(i -> put(slot("api", "s" + i), value));

        long kept = IntStream.range(0, 200)
                .filter(i -> cache.find(slot("api", "s" + i)).isPresent())
                .count();
        assertThat(kept).isBetween(20L, 64L);
    }
}
