package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AES and HMAC, and the command {@code openssl}. */
class OpensslSymmetricTest extends OpensslCase {

    private static String hex(KeySpec spec) {
        return HEX.formatHex(Implementations.key(spec).reveal());
    }

    @ParameterizedTest
    @EnumSource
    void aes_cbc_ciphertexts_are_taken_both_ways(Implementations by) throws Exception {
        for (int bits : new int[] {128, 192, 256}) {
            var spec = new KeySpec.Oct(bits);
            try (var key = by.primitives().open(Implementations.key(spec))) {
                for (boolean pad : new boolean[] {false, true}) {
                    var algorithm = Algorithm.of("A" + bits + "CBC" + (pad ? "PAD" : ""))
                            .orElseThrow();
                    byte[] plaintext = bytes(pad ? 77 : 64);
                    file("plaintext", plaintext);
                    var made = key.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, null);
                    file("ciphertext", made.value());
                    var options = new ArrayList<Object>(List.of(
                            "enc",
                            "-aes-" + bits + "-cbc",
                            "-K",
                            hex(spec),
                            "-iv",
                            HEX.formatHex(made.iv()),
                            "-out",
                            "out"));
                    if (!pad) {
                        options.add("-nopad");
                    }
                    assertThat(openssl(and(options, "-d", "-in", "ciphertext"))).isTrue();
                    assertThat(output()).isEqualTo(plaintext);
                    assertThat(openssl(and(options, "-e", "-in", "plaintext"))).isTrue();
                    assertThat(output()).isEqualTo(made.value());
                    try (var decrypted = key.decrypt(algorithm, new Ciphertext(output(), made.iv(), null), null)) {
                        assertThat(decrypted.reveal(SecretAccess.GRANTED)).isEqualTo(plaintext);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrapped_keys_are_taken_both_ways(Implementations by) throws Exception {
        for (int bits : new int[] {128, 192, 256}) {
            var spec = new KeySpec.Oct(bits);
            try (var key = by.primitives().open(Implementations.key(spec))) {
                for (var algorithm : List.of(
                        Algorithm.of("A" + bits + "KW").orElseThrow(),
                        Algorithm.CKM_AES_KEY_WRAP,
                        Algorithm.CKM_AES_KEY_WRAP_PAD)) {
                    boolean pad = algorithm == Algorithm.CKM_AES_KEY_WRAP_PAD;
                    byte[] other = bytes(pad ? 35 : 32);
                    file("other", other);
                    file("wrapped", key.wrap(algorithm, SecretBytes.copyOf(other)));
                    // The initial values of RFC 3394 §2.2.3.1 and RFC 5649 §3, which the command wants to be told.
                    var options = List.<Object>of(
                            "enc",
                            "-id-aes" + bits + "-wrap" + (pad ? "-pad" : ""),
                            "-K",
                            hex(spec),
                            "-iv",
                            pad ? "A65959A6" : "A6A6A6A6A6A6A6A6",
                            "-out",
                            "out");
                    assertThat(openssl(and(options, "-d", "-in", "wrapped"))).isTrue();
                    assertThat(output()).isEqualTo(other);
                    assertThat(openssl(and(options, "-e", "-in", "other"))).isTrue();
                    try (var unwrapped = key.unwrap(algorithm, output())) {
                        assertThat(unwrapped.reveal(SecretAccess.GRANTED)).isEqualTo(other);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void hmacs_are_equal(Implementations by) throws Exception {
        for (var algorithm : List.of(Algorithm.HS256, Algorithm.HS384, Algorithm.HS512)) {
            int bits = Integer.parseInt(algorithm.jose().substring(2));
            var spec = new KeySpec.Oct(bits);
            try (var key = by.primitives().open(Implementations.key(spec))) {
                byte[] message = bytes(300);
                file("message", message);
                assertThat(openssl(
                                "mac",
                                "-digest",
                                "SHA" + bits,
                                "-macopt",
                                "hexkey:" + hex(spec),
                                "-in",
                                "message",
                                "-binary",
                                "-out",
                                "out",
                                "HMAC"))
                        .isTrue();
                assertThat(key.sign(algorithm, message)).isEqualTo(output());
            }
        }
    }

    /** {@code openssl enc} has no GCM. GMAC is the tag of GCM over additional data alone; counter mode is its cipher. */
    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "AES-GCM has the tag of openssl's GMAC and the ciphertext of its counter mode, since enc does not do GCM")
    void aes_gcm_has_its_tag_and_its_ciphertext(Implementations by) throws Exception {
        for (int bits : new int[] {128, 192, 256}) {
            var spec = new KeySpec.Oct(bits);
            var algorithm = Algorithm.of("A" + bits + "GCM").orElseThrow();
            try (var key = by.primitives().open(Implementations.key(spec))) {
                byte[] additional = bytes(100);
                var tagged = key.encrypt(algorithm, SecretBytes.owning(new byte[0]), null, additional);
                file("additional", additional);
                assertThat(openssl(
                                "mac",
                                "-cipher",
                                "AES-" + bits + "-GCM",
                                "-macopt",
                                "hexkey:" + hex(spec),
                                "-macopt",
                                "hexiv:" + HEX.formatHex(tagged.iv()),
                                "-in",
                                "additional",
                                "-binary",
                                "-out",
                                "out",
                                "GMAC"))
                        .isTrue();
                assertThat(tagged.tag()).isEqualTo(output());

                byte[] plaintext = bytes(100);
                file("plaintext", plaintext);
                var made = key.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, null);
                byte[] counter = Arrays.copyOf(made.iv(), 16);
                counter[15] = 2;
                assertThat(openssl(
                                "enc",
                                "-aes-" + bits + "-ctr",
                                "-K",
                                hex(spec),
                                "-iv",
                                HEX.formatHex(counter),
                                "-in",
                                "plaintext",
                                "-out",
                                "out"))
                        .isTrue();
                assertThat(made.value()).isEqualTo(output());
            }
        }
    }
}
