package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples that the RFCs of JOSE print. */
class JoseExamplesTest {

    private static final Properties EXAMPLES = examples();

    private static Properties examples() {
        try (var in = Files.newBufferedReader(Path.of("src/test/resources/jose-examples.properties"))) {
            var examples = new Properties();
            examples.load(in);
            return examples;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(String name) {
        String text = EXAMPLES.getProperty(name);
        assertThat(text).as(name).isNotNull();
        return text;
    }

    private static byte[] bytes(String name) {
        return Base64.getUrlDecoder().decode(text(name));
    }

    private static KeyMaterial key(String example, String kty, @Nullable String parameter, String... names)
            throws KeyRefusedException {
        var members = new HashMap<String, byte[]>();
        for (String name : names) {
            members.put(name, bytes(example + "." + name));
        }
        try (var jwk = new JwkMembers(kty, parameter, members)) {
            return Implementations.NATIVE.primitives().importJwk(jwk);
        }
    }

    /** What is signed: the digest or the message. */
    private static byte[] value(String example, @Nullable String hash) throws Exception {
        String jws = text(example + ".jws");
        byte[] input = jws.substring(0, jws.lastIndexOf('.')).getBytes(US_ASCII);
        return hash == null ? input : MessageDigest.getInstance(hash).digest(input);
    }

    private static byte[] signature(String example) {
        String jws = text(example + ".jws");
        return Base64.getUrlDecoder().decode(jws.substring(jws.lastIndexOf('.') + 1));
    }

    @ParameterizedTest
    @EnumSource
    void the_signature_of_rfc_7515_a2_is_made_with_rs256(Implementations by) throws Exception {
        try (var material = key("rfc7515.a2", "RSA", null, "n", "e", "d");
                var key = by.primitives().open(material)) {
            byte[] digest = value("rfc7515.a2", "SHA-256");
            assertThat(key.sign(Algorithm.RS256, digest)).isEqualTo(signature("rfc7515.a2"));
            assertThat(key.verify(Algorithm.RS256, digest, signature("rfc7515.a2")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_signatures_of_rfc_7515_a3_and_a4_verify_with_es256_and_es512(Implementations by) throws Exception {
        try (var material = key("rfc7515.a3", "EC", "P-256", "x", "y", "d");
                var key = by.primitives().open(material)) {
            assertThat(key.verify(Algorithm.ES256, value("rfc7515.a3", "SHA-256"), signature("rfc7515.a3")))
                    .isTrue();
        }
        try (var material = key("rfc7515.a4", "EC", "P-521", "x", "y", "d");
                var key = by.primitives().open(material)) {
            assertThat(key.verify(Algorithm.ES512, value("rfc7515.a4", "SHA-512"), signature("rfc7515.a4")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_key_of_rfc_7516_a3_is_wrapped_with_a128kw(Implementations by) throws Exception {
        try (var material = key("rfc7516.a3", "oct", null, "k");
                var key = by.primitives().open(material)) {
            assertThat(key.wrap(Algorithm.A128KW, SecretBytes.owning(bytes("rfc7516.a3.cek"))))
                    .isEqualTo(bytes("rfc7516.a3.wrapped"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_signatures_of_rfc_7520_verify_with_ps384_and_hs256(Implementations by) throws Exception {
        var form = PublicKeyForm.ofRsa(Numbers.number(bytes("rfc7520.42.n")), Numbers.number(bytes("rfc7520.42.e")));
        try (var key = by.primitives().open(form)) {
            assertThat(key.verify(Algorithm.PS384, value("rfc7520.42", "SHA-384"), signature("rfc7520.42")))
                    .isTrue();
        }
        try (var material = key("rfc7520.44", "oct", null, "k");
                var key = by.primitives().open(material)) {
            assertThat(key.sign(Algorithm.HS256, value("rfc7520.44", null))).isEqualTo(signature("rfc7520.44"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_keys_of_rfc_7517_and_7638_are_imported_and_have_the_thumbprint(Implementations by) throws Exception {
        try (var material = key("rfc7517.a2", "EC", "P-256", "x", "y", "d")) {
            assertThat(material.requirePublic().jwk())
                    .containsEntry("x", text("rfc7517.a2.x"))
                    .containsEntry("y", text("rfc7517.a2.y"));
        }
        try (var material = key("rfc7638", "RSA", null, "n", "e", "d", "p", "q", "dp", "dq", "qi");
                var key = by.primitives().open(material)) {
            assertThat(key.publicKey().orElseThrow().thumbprint()).isEqualTo(text("rfc7638.thumbprint"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_signature_and_the_thumbprint_of_rfc_8037_are_made_with_eddsa(Implementations by) throws Exception {
        try (var material = key("rfc8037", "OKP", "Ed25519", "d", "x");
                var key = by.primitives().open(material)) {
            assertThat(material.requirePublic().thumbprint()).isEqualTo(text("rfc8037.thumbprint"));
            assertThat(key.sign(Algorithm.EDDSA, value("rfc8037", null))).isEqualTo(signature("rfc8037"));
        }
    }
}
