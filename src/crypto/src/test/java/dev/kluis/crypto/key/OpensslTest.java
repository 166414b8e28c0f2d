package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The command {@code openssl} (3.0 or newer) on the other side: it takes what is made here, and what it makes is taken
 * here. What the command has no way to do with a digest, a tag or a key of ours is named in a test of its own.
 */
class OpensslTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    private Path folder;

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private Path file(String name, byte[] contents) throws IOException {
        return Files.write(folder.resolve(name), contents);
    }

    /** @return whether it ended well */
    private boolean openssl(Object... arguments) throws Exception {
        var command = new ArrayList<String>(List.of("openssl"));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        boolean well = process.waitFor() == 0;
        if (!well) {
            System.out.println(command + ": " + said);
        }
        return well;
    }

    private byte[] output() throws IOException {
        return Files.readAllBytes(folder.resolve("out"));
    }

    private Path privateKey(KeySpec spec) throws IOException {
        return file("key.der", Implementations.key(spec).reveal());
    }

    private Path publicKey(KeySpec spec) throws IOException {
        return file("key.pem", Implementations.key(spec).requirePublic().pem().getBytes(UTF_8));
    }

    private static List<KeySpec.Rsa> rsa() {
        return KeySpec.all().stream()
                .filter(KeySpec.Rsa.class::isInstance)
                .map(KeySpec.Rsa.class::cast)
                .toList();
    }

    private static Map<Algorithm, List<String>> rsaSignatures() {
        return Map.of(
                Algorithm.RS256, List.of("digest:sha256"),
                Algorithm.RS384, List.of("digest:sha384"),
                Algorithm.RS512, List.of("digest:sha512"),
                Algorithm.RSNULL, List.of("rsa_padding_mode:pkcs1"),
                Algorithm.PS256,
                        List.of(
                                "digest:sha256",
                                "rsa_padding_mode:pss",
                                "rsa_pss_saltlen:digest",
                                "rsa_mgf1_md:sha256"),
                Algorithm.PS384,
                        List.of(
                                "digest:sha384",
                                "rsa_padding_mode:pss",
                                "rsa_pss_saltlen:digest",
                                "rsa_mgf1_md:sha384"),
                Algorithm.PS512,
                        List.of(
                                "digest:sha512",
                                "rsa_padding_mode:pss",
                                "rsa_pss_saltlen:digest",
                                "rsa_mgf1_md:sha512"));
    }

    private static Object[] with(List<String> options, Object... arguments) {
        return Stream.concat(Stream.of(arguments), options.stream().flatMap(one -> Stream.of("-pkeyopt", one)))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void rsa_signatures_are_taken_both_ways(Implementations by) throws Exception {
        for (var spec : rsa()) {
            try (var key = by.primitives().open(Implementations.key(spec))) {
                for (var one : rsaSignatures().entrySet()) {
                    byte[] digest = bytes(
                            one.getKey() == Algorithm.RSNULL ? 36 : one.getKey().digest());
                    file("digest", digest);
                    file("signature", key.sign(one.getKey(), digest));
                    assertThat(openssl(with(
                                    one.getValue(),
                                    "pkeyutl",
                                    "-verify",
                                    "-pubin",
                                    "-inkey",
                                    publicKey(spec),
                                    "-in",
                                    "digest",
                                    "-sigfile",
                                    "signature")))
                            .isTrue();
                    assertThat(openssl(with(
                                    one.getValue(),
                                    "pkeyutl",
                                    "-sign",
                                    "-keyform",
                                    "DER",
                                    "-inkey",
                                    privateKey(spec),
                                    "-in",
                                    "digest",
                                    "-out",
                                    "out")))
                            .isTrue();
                    assertThat(key.verify(one.getKey(), digest, output())).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rsa_ciphertexts_are_taken_both_ways(Implementations by) throws Exception {
        var encryptions = Map.of(
                Algorithm.RSA1_5, List.of("rsa_padding_mode:pkcs1"),
                Algorithm.RSA_OAEP, List.of("rsa_padding_mode:oaep"),
                Algorithm.RSA_OAEP_256, List.of("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"));
        for (var spec : rsa()) {
            try (var key = by.primitives().open(Implementations.key(spec))) {
                for (var one : encryptions.entrySet()) {
                    byte[] plaintext = bytes(48);
                    file("plaintext", plaintext);
                    file(
                            "ciphertext",
                            key.encrypt(one.getKey(), SecretBytes.copyOf(plaintext), null, null)
                                    .value());
                    assertThat(openssl(with(
                                    one.getValue(),
                                    "pkeyutl",
                                    "-decrypt",
                                    "-keyform",
                                    "DER",
                                    "-inkey",
                                    privateKey(spec),
                                    "-in",
                                    "ciphertext",
                                    "-out",
                                    "out")))
                            .isTrue();
                    assertThat(output()).isEqualTo(plaintext);
                    assertThat(openssl(with(
                                    one.getValue(),
                                    "pkeyutl",
                                    "-encrypt",
                                    "-pubin",
                                    "-inkey",
                                    publicKey(spec),
                                    "-in",
                                    "plaintext",
                                    "-out",
                                    "out")))
                            .isTrue();
                    try (var decrypted = key.decrypt(one.getKey(), Ciphertext.of(output()), null)) {
                        assertThat(decrypted.reveal(SecretAccess.GRANTED)).isEqualTo(plaintext);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ecdsa_signatures_are_taken_both_ways(Implementations by) throws Exception {
        for (var curve : EcCurve.values()) {
            var spec = new KeySpec.Ec(curve);
            var algorithm = Stream.of(Algorithm.values())
                    .filter(one -> one.fits(spec))
                    .findFirst()
                    .orElseThrow();
            try (var key = by.primitives().open(Implementations.key(spec))) {
                byte[] digest = bytes(algorithm.digest());
                file("digest", digest);
                file("signature", JcaEcdsa.EcdsaForm.toDer(key.sign(algorithm, digest)));
                assertThat(openssl(
                                "pkeyutl",
                                "-verify",
                                "-pubin",
                                "-inkey",
                                publicKey(spec),
                                "-in",
                                "digest",
                                "-sigfile",
                                "signature"))
                        .isTrue();
                assertThat(openssl(
                                "pkeyutl",
                                "-sign",
                                "-keyform",
                                "DER",
                                "-inkey",
                                privateKey(spec),
                                "-in",
                                "digest",
                                "-out",
                                "out"))
                        .isTrue();
                byte[] sides = JcaEcdsa.EcdsaForm.ofDer(output(), curve.bytes());
                assertThat(key.verify(algorithm, digest, sides)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ed25519_signatures_are_taken_both_ways(Implementations by) throws Exception {
        var spec = new KeySpec.Okp();
        try (var key = by.primitives().open(Implementations.key(spec))) {
            byte[] message = bytes(1000);
            file("message", message);
            file("signature", key.sign(Algorithm.EDDSA, message));
            assertThat(openssl(
                            "pkeyutl",
                            "-verify",
                            "-rawin",
                            "-pubin",
                            "-inkey",
                            publicKey(spec),
                            "-in",
                            "message",
                            "-sigfile",
                            "signature"))
                    .isTrue();
            assertThat(openssl(
                            "pkeyutl",
                            "-sign",
                            "-rawin",
                            "-keyform",
                            "DER",
                            "-inkey",
                            privateKey(spec),
                            "-in",
                            "message",
                            "-out",
                            "out"))
                    .isTrue();
            assertThat(output()).isEqualTo(key.sign(Algorithm.EDDSA, message));
            assertThat(key.verify(Algorithm.EDDSA, message, output())).isTrue();
        }
    }

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

    private static Object[] and(List<Object> options, Object... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toArray();
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

    @Test
    void keys_that_it_makes_are_read() throws Exception {
        var made = Map.of(
                new KeySpec.Rsa(2048), List.of("RSA", "rsa_keygen_bits:2048"),
                new KeySpec.Rsa(3072, 3), List.of("RSA", "rsa_keygen_bits:3072", "rsa_keygen_pubexp:3"),
                new KeySpec.Ec(EcCurve.P256), List.of("EC", "ec_paramgen_curve:P-256"),
                new KeySpec.Ec(EcCurve.P256K), List.of("EC", "ec_paramgen_curve:secp256k1"),
                new KeySpec.Ec(EcCurve.P384), List.of("EC", "ec_paramgen_curve:P-384"),
                new KeySpec.Ec(EcCurve.P521), List.of("EC", "ec_paramgen_curve:P-521"),
                new KeySpec.Okp(), List.of("ED25519"));
        for (var one : made.entrySet()) {
            var type = one.getValue();
            assertThat(openssl(with(
                            type.subList(1, type.size()), "genpkey", "-algorithm", type.getFirst(), "-out", "pem")))
                    .isTrue();
            assertThat(openssl("pkcs8", "-topk8", "-nocrypt", "-in", "pem", "-outform", "DER", "-out", "out"))
                    .isTrue();
            byte[] pkcs8 = output();
            assertThat(openssl(
                            "pkey",
                            "-inform",
                            "DER",
                            "-in",
                            file("pkcs8", pkcs8),
                            "-pubout",
                            "-outform",
                            "DER",
                            "-out",
                            "out"))
                    .isTrue();
            try (var material = Implementations.NATIVE.primitives().read(one.getKey(), SecretBytes.owning(pkcs8))) {
                assertThat(material.requirePublic().spki()).isEqualTo(output());
                assertThat(PublicKeyForm.ofSpki(output())).isEqualTo(material.requirePublic());
            }
        }
    }

    @Test
    @DisplayName(
            "keys that are stored are read by it and checked, but for ML-DSA, which openssl below 3.5 does not know")
    void keys_that_are_stored_are_read_by_it() throws Exception {
        for (var spec : KeySpec.all()) {
            if (spec instanceof KeySpec.Oct || spec instanceof KeySpec.Akp) {
                continue;
            }
            assertThat(openssl("pkey", "-inform", "DER", "-in", privateKey(spec), "-check", "-noout"))
                    .isTrue();
            assertThat(openssl("pkey", "-inform", "DER", "-in", privateKey(spec), "-pubout", "-out", "out"))
                    .isTrue();
            assertThat(new String(output(), UTF_8))
                    .isEqualTo(Implementations.key(spec).requirePublic().pem());
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

    @Test
    @DisplayName("openssl below 3.5 has no ML-DSA: the JDK's own implementation stands in for it, both ways")
    void ml_dsa_signatures_are_taken_both_ways_by_the_jdk() throws Exception {
        for (var parameters : MlDsa.values()) {
            var algorithm = Algorithm.of(parameters.jose()).orElseThrow();
            var material = Implementations.key(new KeySpec.Akp(parameters));
            byte[] message = bytes(500);
            try (var key = Implementations.NATIVE.primitives().open(material)) {
                var verifier = Signature.getInstance("ML-DSA");
                verifier.initVerify(KeyFactory.getInstance("ML-DSA")
                        .generatePublic(
                                new X509EncodedKeySpec(material.requirePublic().spki())));
                verifier.update(message);
                assertThat(verifier.verify(key.sign(algorithm, message))).isTrue();

                var pair = KeyPairGenerator.getInstance(parameters.jose()).generateKeyPair();
                var signer = Signature.getInstance("ML-DSA");
                signer.initSign(pair.getPrivate());
                signer.update(message);
                byte[] signature = signer.sign();
                var form = PublicKeyForm.ofSpki(pair.getPublic().getEncoded());
                try (var other = Implementations.NATIVE.primitives().open(form)) {
                    assertThat(other.verify(algorithm, message, signature)).isTrue();
                    // The external mu (FIPS 204 §6.2) by the JDK's SHAKE256, over no context.
                    var shake = MessageDigest.getInstance("SHAKE256-512");
                    shake.update(shake.digest(form.member("pub")));
                    shake.update(new byte[2]);
                    var mu = SignatureInput.externalMu(shake.digest(message));
                    assertThat(other.verify(algorithm, mu, signature)).isTrue();
                }
            }
        }
    }
}
