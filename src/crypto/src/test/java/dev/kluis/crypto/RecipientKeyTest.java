package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** HPKE against the vectors of RFC 9180, and what must not open. */
class RecipientKeyTest {

    private static final HexFormat HEX = HexFormat.of();

    private final SecureRandom random = new SecureRandom();
    private final RecipientKeyPair pair = RecipientKeyPair.generate(random);
    private final byte[] info = bytes("info");
    private final byte[] additional = bytes("additional");

    /** A source of randomness that gives what it was made with. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] given;

        Given(byte[] given) {
            this.given = given;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(given, 0, bytes, 0, bytes.length);
        }
    }

    private static Properties vectors() throws IOException {
        var vectors = new Properties();
        try (var in = RecipientKeyTest.class.getResourceAsStream("/hpke-vectors.properties")) {
            vectors.load(in);
        }
        return vectors;
    }

    @Test
    void the_vectors_of_rfc_9180_are_what_is_sealed_and_they_open() throws Exception {
        var vectors = vectors();
        var recipient = RecipientKeyPair.of(SecretBytes.owning(HEX.parseHex(vectors.getProperty("skRm"))));
        assertThat(recipient.publicKey().bytes()).isEqualTo(HEX.parseHex(vectors.getProperty("pkRm")));
        byte[] vectorInfo = HEX.parseHex(vectors.getProperty("info"));
        byte[] aad = HEX.parseHex(vectors.getProperty("aad"));
        var plaintext = SecretBytes.owning(HEX.parseHex(vectors.getProperty("pt")));

        byte[] sealed = recipient
                .publicKey()
                .seal(plaintext, vectorInfo, aad, new Given(HEX.parseHex(vectors.getProperty("skEm"))));

        assertThat(HEX.formatHex(sealed)).isEqualTo(vectors.getProperty("enc") + vectors.getProperty("ct"));
        assertThat(recipient.open(sealed, vectorInfo, aad)).isEqualTo(plaintext);
    }

    @Test
    void values_of_all_lengths_come_back() throws Exception {
        for (int length : new int[] {0, 1, 31, 32, 4096, 25_600}) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            byte[] sealed = pair.publicKey().seal(SecretBytes.copyOf(value), info, additional, random);

            assertThat(sealed).hasSize(length + RecipientKey.OVERHEAD);
            assertThat(pair.open(sealed, info, additional)).isEqualTo(SecretBytes.owning(value));
        }
    }

    @Test
    void the_same_value_is_sealed_to_another_text_each_time() {
        assertThat(seal("value")).isNotEqualTo(seal("value"));
    }

    @Test
    void every_single_changed_bit_another_key_info_and_additional_data_fail_alike() {
        byte[] sealed = seal("value");
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            // RFC 7748 §5 ignores the highest bit of a coordinate, but HPKE binds the encapsulated key as it was
            // written.
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            refused(pair, changed, info, additional);
        }
        refused(RecipientKeyPair.generate(random), sealed, info, additional);
        refused(pair, sealed, bytes("other"), additional);
        refused(pair, sealed, info, bytes("other"));
        refused(pair, new byte[RecipientKey.OVERHEAD - 1], info, additional);
        refused(pair, new byte[0], info, additional);
    }

    /** Points of small order would give a shared secret that everybody knows. */
    @Test
    void nothing_is_sealed_to_or_opened_from_a_point_of_small_order() {
        byte[] zeros = new byte[RecipientKey.OVERHEAD + 5];
        refused(pair, zeros, info, additional);
        var point = RecipientKey.of(new byte[32]);
        assertThatThrownBy(() -> point.seal(secret("value"), info, additional, random))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_is_written_as_text_and_read_again() throws Exception {
        var key = pair.publicKey();

        assertThat(key.text()).startsWith("kluis-recipient1:").hasSize(17 + 64);
        assertThat(RecipientKey.parse(key.text())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(key.id()).hasSize(32);
        assertThat(pair.toString()).isEqualTo("RecipientKeyPair[" + key.id() + "]");
    }

    @Test
    void a_mistyped_key_is_noticed() {
        String text = pair.publicKey().text();
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var typing = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            var typed = new StringBuilder(text);
            int at = typing.nextInt(text.length());
            typed.setCharAt(at, typed.charAt(at) == 'A' ? 'B' : 'A');
            assertThatThrownBy(() -> RecipientKey.parse(typed.toString())).isInstanceOf(SealedBytesException.class);
        }
        for (String wrong : new String[] {"", "kluis-recipient1:", text + "A", text + "=", text + "\n", " " + text}) {
            assertThatThrownBy(() -> RecipientKey.parse(wrong)).isInstanceOf(SealedBytesException.class);
        }
    }

    private static void refused(RecipientKeyPair pair, byte[] sealed, byte[] info, byte[] additional) {
        assertThatThrownBy(() -> pair.open(sealed, info, additional))
                .isInstanceOf(SealedBytesException.class)
                .hasMessage("sealed bytes do not open");
    }

    private byte[] seal(String value) {
        return pair.publicKey().seal(secret(value), info, additional, random);
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
