package dev.kluis.vault.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.key.HotKeys.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HotKeysTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");

    private long nanos;
    private final HotKeys hot = new HotKeys(() -> nanos);
    private final List<Fake> opened = new ArrayList<>();

    /** A key that knows whether it was closed, and computes nothing. */
    private static final class Fake implements OpenKey {
        private boolean closed;

        @Override
        public Ciphertext encrypt(
                Algorithm algorithm, SecretBytes plaintext, byte @Nullable [] iv, byte @Nullable [] additional) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SecretBytes decrypt(Algorithm algorithm, Ciphertext ciphertext, byte @Nullable [] additional) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] wrap(Algorithm algorithm, SecretBytes key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SecretBytes unwrap(Algorithm algorithm, byte[] wrapped) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] sign(Algorithm algorithm, SignatureInput input) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private OpenKey open() {
        var key = new Fake();
        opened.add(key);
        return key;
    }

    private static Slot slot(String name) {
        return new Slot(ObjectId.key(VAULT, name), "0".repeat(32), "1".repeat(32), true);
    }

    private void use(Slot slot) throws KeyRefusedException {
        assertThat(hot.<Boolean>use(slot, hot.changes(), this::open, key -> ((Fake) key).closed))
                .isFalse();
    }

    @Test
    void a_key_is_opened_once_for_many_uses() throws KeyRefusedException {
        use(slot("a"));
        use(slot("a"));
        use(slot("b"));
        assertThat(opened).hasSize(2).noneMatch(key -> key.closed);
    }

    @Test
    void the_one_that_was_used_longest_ago_makes_room() throws KeyRefusedException {
        for (int i = 0; i < HotKeys.LIMIT; i++) {
            use(slot("k" + i));
        }
        use(slot("k0"));
        use(slot("new"));
        assertThat(hot.size()).isEqualTo(HotKeys.LIMIT);
        assertThat(opened.get(0).closed).isFalse();
        assertThat(opened.get(1).closed).isTrue();
    }

    @Test
    void none_stays_longer_than_its_lifetime() throws KeyRefusedException {
        use(slot("a"));
        nanos += HotKeys.LIFETIME.minus(Duration.ofSeconds(1)).toNanos();
        use(slot("a"));
        use(slot("b"));
        hot.expire();
        assertThat(opened.getFirst().closed).isFalse();
        nanos += Duration.ofSeconds(1).toNanos();
        hot.expire();
        assertThat(opened.getFirst().closed).isTrue();
        assertThat(opened.getLast().closed).isFalse();
    }

    @Test
    void a_key_that_leaves_while_it_computes_is_closed_behind_that() throws KeyRefusedException {
        hot.use(slot("a"), hot.changes(), this::open, key -> {
            hot.changed(slot("a").id(), version -> false);
            assertThat(hot.size()).isZero();
            assertThat(((Fake) key).closed).isFalse();
            return true;
        });
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void a_key_opened_on_a_state_from_before_a_change_is_used_once_and_not_kept() throws KeyRefusedException {
        long before = hot.changes();
        hot.changed(slot("a").id(), version -> false);
        hot.use(slot("a"), before, this::open, key -> true);
        assertThat(hot.size()).isZero();
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void versions_that_stay_usable_stay_and_others_of_the_object_leave() throws KeyRefusedException {
        use(slot("a"));
        use(slot("b"));
        hot.changed(slot("a").id(), "1".repeat(32)::equals);
        assertThat(hot.size()).isEqualTo(2);
        hot.changed(slot("a").id(), "2".repeat(32)::equals);
        assertThat(opened.get(0).closed).isTrue();
        assertThat(opened.get(1).closed).isFalse();
    }

    @Test
    void closing_closes_all() throws KeyRefusedException {
        use(slot("a"));
        use(slot("b"));
        hot.close();
        assertThat(opened).allMatch(key -> key.closed);
    }
}
