package dev.kluis.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedStreamTest {

    private static final int SEALED_CHUNK = ChunkCipher.CHUNK + ChunkCipher.TAG;

    private final SealingKey key = SealingKey.generate(new SecureRandom());

    private byte[] sealed(byte[] plaintext) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new SealedOutputStream(bytes, key)) {
            out.write(plaintext);
            out.finish();
        }
        return bytes.toByteArray();
    }

    private byte[] opened(byte[] sealed) throws IOException {
        try (var in = new SealedInputStream(new ByteArrayInputStream(sealed), key)) {
            return in.readAllBytes();
        }
    }

    private static byte[] some(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void assertBroken(byte[] sealed) {
        assertThatThrownBy(() -> opened(sealed)).isInstanceOf(BrokenStreamException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 200_000})
    void a_stream_of_any_length_comes_back(int length) throws Exception {
        byte[] sealed = sealed(some(length));

        assertThat(opened(sealed)).isEqualTo(some(length));
        int chunks = Math.max(1, (length + ChunkCipher.CHUNK - 1) / ChunkCipher.CHUNK);
        assertThat(sealed).hasSize(length + chunks * ChunkCipher.TAG);
    }

    @Test
    void a_stream_cut_anywhere_is_noticed() throws Exception {
        byte[] sealed = sealed(some(150_000));
        for (int length : new int[] {0, 1, 15, 16, 17, SEALED_CHUNK - 1, SEALED_CHUNK, SEALED_CHUNK + 1, 140_000}) {
            assertBroken(Arrays.copyOf(sealed, length));
        }
        assertBroken(Arrays.copyOf(sealed(some(131_072)), SEALED_CHUNK));
    }

    @Test
    void chunks_reordered_doubled_left_out_or_appended_are_noticed() throws Exception {
        byte[] sealed = sealed(some(3 * ChunkCipher.CHUNK));
        byte[] one = Arrays.copyOfRange(sealed, 0, SEALED_CHUNK);
        byte[] two = Arrays.copyOfRange(sealed, SEALED_CHUNK, 2 * SEALED_CHUNK);
        byte[] three = Arrays.copyOfRange(sealed, 2 * SEALED_CHUNK, 3 * SEALED_CHUNK);

        assertThat(opened(join(one, two, three))).hasSize(3 * ChunkCipher.CHUNK);
        assertBroken(join(two, one, three));
        assertBroken(join(one, one, two, three));
        assertBroken(join(one, three));
        assertBroken(join(one, two, three, three));
        assertBroken(join(one, two, three, new byte[1]));
        assertBroken(join(one, two, three, new byte[ChunkCipher.TAG]));
    }

    @Test
    void every_changed_byte_and_another_key_are_noticed() throws Exception {
        byte[] sealed = sealed(some(100));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertBroken(changed);
        }
        var other = SealingKey.generate(new SecureRandom());
        assertThatThrownBy(() -> new SealedInputStream(new ByteArrayInputStream(sealed), other).readAllBytes())
                .isInstanceOf(BrokenStreamException.class);
    }

    @Test
    void a_stream_that_was_not_finished_does_not_open_to_its_end() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new SealedOutputStream(bytes, key)) {
            out.write(some(2 * ChunkCipher.CHUNK));
        }

        assertBroken(bytes.toByteArray());
    }

    private static byte[] join(byte[]... parts) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }
}
