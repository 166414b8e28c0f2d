package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors of Project Wycheproof, by every implementation. Their origin is in the folder of the same name. */
class WycheproofTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("src/test/resources");

    /** A test of a group, with what its result has to be. */
    @FunctionalInterface
    private interface Check {
        void run(JsonNode group, JsonNode test) throws Exception;
    }

    private static void each(String file, Check check) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(FOLDER.resolve("wycheproof/" + file + ".json")));
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
        int run = 0;
        for (var group : root.get("testGroups")) {
            for (var test : group.get("tests")) {
                try {
                    check.run(group, test);
                    run++;
                } catch (Throwable e) {
                    throw new AssertionError(
                            file + ", test " + test.get("tcId") + ": "
                                    + test.get("comment").asText(),
                            e);
                }
            }
        }
        assertThat(run).isEqualTo(root.get("numberOfTests").asInt());
    }

    private static byte[] hex(JsonNode node, String name) {
        return HexFormat.of().parseHex(node.path(name).asText());
    }

    private static boolean valid(JsonNode test) {
        return test.get("result").asText().equals("valid");
    }

    /** Whether the signature verifies; a key or value that is refused counts as no. */
    private static boolean verifies(
            Implementations by, Algorithm algorithm, byte[] spki, SignatureInput input, byte[] signature) {
        try (var key = by.primitives().open(PublicKeyForm.ofSpki(spki))) {
            return key.verify(algorithm, input, signature);
        } catch (KeyRefusedException e) {
            return false;
        }
    }

    /** As above, of a test over the digest of its message. */
    private static boolean verifies(Implementations by, Algorithm algorithm, JsonNode group, JsonNode test)
            throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance(group.get("sha").asText()).digest(hex(test, "msg"));
        return verifies(by, algorithm, hex(group, "publicKeyDer"), SignatureInput.of(digest), hex(test, "sig"));
    }

    /** @param files with the algorithm of each */
    private static void eachVerifiesIfValid(Implementations by, Map<String, Algorithm> files) {
        files.forEach((file, algorithm) -> each(
                file,
                (group, test) ->
                        assertThat(verifies(by, algorithm, group, test)).isEqualTo(valid(test))));
    }

    @ParameterizedTest
    @EnumSource
    void signatures_of_pkcs1_verify(Implementations by) {
        // Acceptable is a DigestInfo without its NULL, which nobody makes and is refused here.
        eachVerifiesIfValid(
                by,
                Map.of(
                        "rsa_signature_2048_sha256_test", Algorithm.RS256,
                        "rsa_signature_2048_sha384_test", Algorithm.RS384,
                        "rsa_signature_2048_sha512_test", Algorithm.RS512,
                        "rsa_signature_3072_sha256_test", Algorithm.RS256,
                        "rsa_signature_4096_sha512_test", Algorithm.RS512));
    }

    @ParameterizedTest
    @EnumSource
    void signatures_of_pss_verify_with_a_salt_as_long_as_the_hash_and_no_other(Implementations by) {
        for (var file : Map.of(
                        "rsa_pss_2048_sha256_mgf1_32_test", Algorithm.PS256,
                        "rsa_pss_2048_sha256_mgf1_0_test", Algorithm.PS256,
                        "rsa_pss_2048_sha384_mgf1_48_test", Algorithm.PS384,
                        "rsa_pss_3072_sha256_mgf1_32_test", Algorithm.PS256,
                        "rsa_pss_4096_sha512_mgf1_64_test", Algorithm.PS512)
                .entrySet()) {
            each(file.getKey(), (group, test) -> {
                var algorithm = file.getValue();
                boolean salted = group.get("sLen").asInt() == algorithm.digest();
                boolean expected =
                        salted ? valid(test) : test.get("comment").asText().equals("s_len changed to 32");
                assertThat(verifies(by, algorithm, group, test)).isEqualTo(expected);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void signatures_of_ecdsa_verify(Implementations by) {
        eachVerifiesIfValid(
                by,
                Map.of(
                        "ecdsa_secp256r1_sha256_p1363_test", Algorithm.ES256,
                        "ecdsa_secp256k1_sha256_p1363_groups", Algorithm.ES256K,
                        "ecdsa_secp384r1_sha384_p1363_test", Algorithm.ES384,
                        "ecdsa_secp521r1_sha512_p1363_test", Algorithm.ES512));
    }

    /** Acceptable are signatures on which RFC 8032 leaves implementations free; nothing is asked of those. */
    @ParameterizedTest
    @EnumSource
    void signatures_of_ed25519_verify(Implementations by) {
        each("ed25519_test", (group, test) -> {
            boolean verified = verifies(
                    by,
                    Algorithm.EDDSA,
                    hex(group, "publicKeyDer"),
                    SignatureInput.of(hex(test, "msg")),
                    hex(test, "sig"));
            if (!test.get("result").asText().equals("acceptable")) {
                assertThat(verified).isEqualTo(valid(test));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "NATIVE")
    void signatures_of_ml_dsa_verify(Implementations by) {
        for (var parameters : MlDsa.values()) {
            var algorithm = Algorithm.of(parameters.jose()).orElseThrow();
            String file = "mldsa_" + parameters.jose().substring(7) + "_verify_test";
            each(file, (group, test) -> {
                byte[] message = hex(test, "msg");
                var input = test.has("ctx")
                        ? SignatureInput.inContext(message, hex(test, "ctx"))
                        : SignatureInput.of(message);
                boolean verified = false;
                byte[] publicKey = hex(group, "publicKey");
                if (publicKey.length == parameters.publicKey()) {
                    byte[] spki = PublicKeyForm.ofMlDsa(parameters, publicKey).spki();
                    verified = verifies(by, algorithm, spki, input, hex(test, "sig"));
                }
                assertThat(verified).isEqualTo(valid(test));
            });
        }
    }

    /** Signatures are hedged here, so the vectors' own are verified, and the keys compared. */
    @ParameterizedTest
    @EnumSource(names = "NATIVE")
    void a_seed_of_ml_dsa_expands_to_its_public_key_whose_signatures_verify(Implementations by) {
        each("mldsa_65_sign_seed_test", (group, test) -> {
            byte[] seed = hex(group, "privateSeed");
            if (seed.length != MlDsa.SEED) {
                assertThat(valid(test)).isFalse();
                return;
            }
            try (var material = StoredKey.ofMlDsa(MlDsa.ML_DSA_65, seed);
                    var key = by.primitives().open(material)) {
                assertThat(material.requirePublic().member("pub")).isEqualTo(hex(group, "publicKey"));
                byte[] context = hex(test, "ctx");
                if (context.length > 255) {
                    assertThatThrownBy(() ->
                                    key.sign(Algorithm.ML_DSA_65, SignatureInput.inContext(hex(test, "msg"), context)))
                            .isInstanceOf(KeyRefusedException.class);
                    return;
                }
                byte[] signature = hex(test, "sig");
                if (valid(test) && test.has("mu")) {
                    assertThat(key.verify(Algorithm.ML_DSA_65, SignatureInput.externalMu(hex(test, "mu")), signature))
                            .isTrue();
                }
                if (valid(test) && test.has("msg")) {
                    assertThat(key.verify(
                                    Algorithm.ML_DSA_65,
                                    SignatureInput.inContext(hex(test, "msg"), context),
                                    signature))
                            .isTrue();
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void oaep_decrypts_what_is_whole_and_has_no_label(Implementations by) {
        for (var file : Map.of(
                        "rsa_oaep_2048_sha1_mgf1sha1_test", Algorithm.RSA_OAEP,
                        "rsa_oaep_2048_sha256_mgf1sha256_test", Algorithm.RSA_OAEP_256,
                        "rsa_oaep_3072_sha256_mgf1sha256_test", Algorithm.RSA_OAEP_256,
                        "rsa_oaep_4096_sha256_mgf1sha256_test", Algorithm.RSA_OAEP_256)
                .entrySet()) {
            each(file.getKey(), (group, test) -> {
                boolean expected = valid(test) && hex(test, "label").length == 0;
                var ciphertext = Ciphertext.of(hex(test, "ct"));
                try (var key = open(by, group)) {
                    if (expected) {
                        try (var plaintext = key.decrypt(file.getValue(), ciphertext, null)) {
                            assertThat(plaintext.reveal(SecretAccess.GRANTED)).isEqualTo(hex(test, "msg"));
                        }
                    } else {
                        refused(() -> key.decrypt(file.getValue(), ciphertext, null));
                    }
                }
            });
        }
    }

    /** What is drawn for a broken padding is compared with OpenSSL, which does it by the same draft. */
    @ParameterizedTest
    @EnumSource
    void a_ciphertext_of_pkcs1_decrypts_to_its_message_or_to_what_openssl_draws(Implementations by) throws Exception {
        var drawn = new Properties();
        try (var in = Files.newBufferedReader(FOLDER.resolve("rsa1_5-rejections.properties"))) {
            drawn.load(in);
        }
        for (var file : new String[] {"rsa_pkcs1_2048_test", "rsa_pkcs1_3072_test"}) {
            each(file, (group, test) -> {
                String other = drawn.getProperty(file + "." + test.get("tcId"), "");
                var ciphertext = Ciphertext.of(hex(test, "ct"));
                try (var key = open(by, group)) {
                    if (other.equals("refused")) {
                        refused(() -> key.decrypt(Algorithm.RSA1_5, ciphertext, null));
                        return;
                    }
                    try (var plaintext = key.decrypt(Algorithm.RSA1_5, ciphertext, null)) {
                        assertThat(plaintext.reveal(SecretAccess.GRANTED))
                                .isEqualTo(
                                        valid(test)
                                                ? hex(test, "msg")
                                                : HexFormat.of().parseHex(other));
                    }
                }
            });
        }
    }

    private static UsableKey open(Implementations by, JsonNode group) throws KeyRefusedException {
        try (var material = StoredKey.readPkcs8(hex(group, "privateKeyPkcs8"), new SecureRandom())) {
            return by.primitives().open(material);
        }
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(KeyRefusedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aes_gcm_encrypts_and_decrypts(Implementations by) {
        each("aes_gcm_test", (group, test) -> {
            byte[] iv = hex(test, "iv");
            byte[] message = hex(test, "msg");
            byte[] additional = hex(test, "aad");
            byte[] tag = hex(test, "tag");
            byte[] raw = hex(test, "key");
            var algorithm = Algorithm.of("A" + 8 * raw.length + "GCM").orElseThrow();
            var ciphertext = new Ciphertext(hex(test, "ct"), iv, tag);
            try (var material = StoredKey.ofOct(raw);
                    var key = by.primitives().open(material)) {
                if (iv.length != 12) {
                    assertThatThrownBy(() -> key.decrypt(algorithm, ciphertext, additional))
                            .extracting(e -> ((KeyRefusedException) e).refusal())
                            .isEqualTo(Refusal.BAD_IV);
                } else if (valid(test)) {
                    var made = key.encrypt(algorithm, SecretBytes.copyOf(message), iv, additional);
                    assertThat(made.value()).isEqualTo(hex(test, "ct"));
                    assertThat(made.tag()).isEqualTo(tag);
                    try (var plaintext = key.decrypt(algorithm, ciphertext, additional)) {
                        assertThat(plaintext.reveal(SecretAccess.GRANTED)).isEqualTo(message);
                    }
                } else {
                    refused(() -> key.decrypt(algorithm, ciphertext, additional));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aes_wraps_and_unwraps(Implementations by) {
        each("aes_wrap_test", (group, test) -> wrapping(by, test, Algorithm.CKM_AES_KEY_WRAP, 16));
        each("aes_kwp_test", (group, test) -> wrapping(by, test, Algorithm.CKM_AES_KEY_WRAP_PAD, 1));
    }

    /** Acceptable are keys shorter than the RFC allows, which are refused here. */
    private static void wrapping(Implementations by, JsonNode test, Algorithm algorithm, int shortest)
            throws KeyRefusedException {
        byte[] message = hex(test, "msg");
        try (var material = StoredKey.ofOct(hex(test, "key"));
                var key = by.primitives().open(material)) {
            if (valid(test) && message.length >= shortest) {
                assertThat(key.wrap(algorithm, SecretBytes.copyOf(message))).isEqualTo(hex(test, "ct"));
                try (var unwrapped = key.unwrap(algorithm, hex(test, "ct"))) {
                    assertThat(unwrapped.reveal(SecretAccess.GRANTED)).isEqualTo(message);
                }
            } else {
                refused(() -> key.unwrap(algorithm, hex(test, "ct")));
            }
        }
    }
}
