package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SealingKeyTest {

    private final SecureRandom random = new SecureRandom();
    private final SealingKey key = SealingKey.generate(random);
    private final byte[] header = "header".getBytes(UTF_8);

    @Test
    void what_was_sealed_opens_with_the_same_additional_data() throws Exception {
        byte[] sealed = key.seal(secret("value"), header, random);

        assertThat(sealed).hasSize("value".length() + SealingKey.OVERHEAD);
        assertThat(key.open(sealed, header)).isEqualTo(secret("value"));
    }

    @Test
    void every_single_changed_bit_is_noticed() {
        byte[] sealed = key.seal(secret("value"), header, random);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> key.open(changed, header)).isInstanceOf(SealedBytesException.class);
        }
    }

    @Test
    void other_additional_data_another_key_and_a_short_text_do_not_open() {
        byte[] sealed = key.seal(secret("value"), header, random);

        assertThatThrownBy(() -> key.open(sealed, "other".getBytes(UTF_8))).isInstanceOf(SealedBytesException.class);
        assertThatThrownBy(() -> SealingKey.generate(random).open(sealed, header))
                .isInstanceOf(SealedBytesException.class);
        assertThatThrownBy(() -> key.open(new byte[27], header)).isInstanceOf(SealedBytesException.class);
    }

    @Test
    void the_commitment_is_hmac_sha_256() {
        byte[] raw = new byte[32];
        java.util.Arrays.fill(raw, (byte) 0x0b);

        assertThat(SealingKey.of(SecretBytes.owning(raw)).commit(secret("Hi There")))
                .isEqualTo(HexFormat.of().parseHex(HMAC_OF_HI_THERE));
    }

    // printf 'Hi There' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0b0b...0b (32 bytes)
    private static final String HMAC_OF_HI_THERE = "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7";

    @Test
    void secrets_neither_print_nor_survive_their_closing() {
        var secret = secret("value");

        assertThat(secret.toString()).isEqualTo("SecretBytes[5 bytes]");
        assertThat(key.toString()).isEqualTo("SealingKey");
        secret.close();
        assertThatThrownBy(() -> secret.reveal(SecretAccess.GRANTED)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_key_of_another_length_cannot_be_built() {
        assertThatThrownBy(() -> SealingKey.of(SecretBytes.owning(new byte[16])))
                .hasMessage("a sealing key has 32 bytes, not 16");
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(UTF_8));
    }
}
