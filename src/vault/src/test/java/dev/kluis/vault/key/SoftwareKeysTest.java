package dev.kluis.vault.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.key.KeySpec;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoftwareKeysTest {

    private final List<List<String>> chosen = new CopyOnWriteArrayList<>();
    private final SoftwareKeys keys = new SoftwareKeys(new SecureRandom(), chosen::add);

    @Test
    void nothing_is_loaded_before_a_key_is_used() {
        keys.randomBytes(32).close();
        assertThat(chosen).isEmpty();
    }

    @Test
    void what_computes_is_chosen_once_however_many_begin_at_once() throws InterruptedException {
        Callable<Integer> making = () -> {
            try (var made = keys.generate(new KeySpec.Oct(256))) {
                return made.stored().length();
            }
        };
        try (var threads = Executors.newFixedThreadPool(4)) {
            var done = threads.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> making).toList());
            assertThat(done).allSatisfy(one -> assertThat(one.get()).isEqualTo(32));
        }
        assertThat(chosen).hasSize(1);
        assertThat(chosen.getFirst()).isNotEmpty();
    }
}
