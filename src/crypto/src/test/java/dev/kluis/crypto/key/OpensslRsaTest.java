package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RSA and the command {@code openssl}. */
class OpensslRsaTest extends OpensslCase {

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
                    assertThat(verifies(spec, "digest", with(one.getValue()))).isTrue();
                    assertThat(byPrivateKey("-sign", spec, "digest", with(one.getValue())))
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
                    assertThat(byPrivateKey("-decrypt", spec, "ciphertext", with(one.getValue())))
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
}
