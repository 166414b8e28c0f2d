package dev.kluis.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShamirTest {

    private final SecureRandom random = new SecureRandom();

    private SecretBytes secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }

    private static SortedMap<Integer, SecretBytes> chosen(SortedMap<Integer, SecretBytes> shares, int bits) {
        var some = new TreeMap<>(shares);
        some.keySet().removeIf(index -> (bits >> (index - 1) & 1) == 0);
        return some;
    }

    @Test
    void any_threshold_of_shares_and_any_more_make_the_secret_and_fewer_do_not() {
        for (int shares = 2; shares <= 6; shares++) {
            for (int threshold = 2; threshold <= shares; threshold++) {
                var secret = secret();
                var dealt = Shamir.split(secret, threshold, shares, random);
                assertThat(dealt.keySet()).hasSize(shares).contains(1, shares);
                for (int bits = 1; bits < 1 << shares; bits++) {
                    boolean enough = Integer.bitCount(bits) >= threshold;
                    assertThat(Shamir.combine(chosen(dealt, bits)).equals(secret))
                            .isEqualTo(enough);
                }
            }
        }
    }

    /** An own reckoning: the line through two shares, in the field of AES, as seals.md describes it. */
    @Test
    void a_share_is_the_value_of_the_polynomial_at_its_index() {
        byte[] secret = {0x42};
        var shares = Shamir.split(SecretBytes.copyOf(secret), 2, 16, random);
        int slope = 0x42 ^ value(shares, 1);
        for (int x = 1; x <= 16; x++) {
            assertThat(value(shares, x)).isEqualTo(0x42 ^ times(slope, x));
        }
    }

    private static int value(SortedMap<Integer, SecretBytes> shares, int index) {
        return shares.get(index).borrow()[0] & 0xff;
    }

    private static int times(int a, int b) {
        int product = 0;
        for (int bit = 7; bit >= 0; bit--) {
            product = product << 1 ^ ((product & 0x80) != 0 ? 0x11b : 0);
            product ^= (b >> bit & 1) == 1 ? a : 0;
        }
        return product;
    }

    @Test
    void the_vectors_combine() throws IOException {
        var vectors = new Properties();
        try (var in = ShamirTest.class.getResourceAsStream("/shamir-vectors.properties")) {
            vectors.load(in);
        }
        var shares = new TreeMap<Integer, SecretBytes>();
        for (int index : new int[] {1, 2, 3}) {
            shares.put(index, SecretBytes.owning(HexFormat.of().parseHex(vectors.getProperty("share." + index))));
        }
        byte[] secret = HexFormat.of().parseHex(vectors.getProperty("secret"));
        assertThat(Shamir.combine(shares)).isEqualTo(SecretBytes.copyOf(secret));
        shares.remove(2);
        assertThat(Shamir.combine(shares)).isEqualTo(SecretBytes.copyOf(secret));
    }

    @Test
    void thresholds_and_numbers_that_make_no_sense_are_refused() {
        for (int[] wrong : new int[][] {{1, 1}, {1, 3}, {0, 3}, {4, 3}, {2, 17}, {-1, 3}}) {
            assertThatThrownBy(() -> Shamir.split(secret(), wrong[0], wrong[1], random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("threshold is at least 2");
        }
    }
}
