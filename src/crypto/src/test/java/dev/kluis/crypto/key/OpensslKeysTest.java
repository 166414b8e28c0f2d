package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretBytes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Encoded keys, and the command {@code openssl}. */
class OpensslKeysTest extends OpensslCase {

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
}
