package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that only sign, and the command {@code openssl}. */
class OpensslSignatureTest extends OpensslCase {

    @ParameterizedTest
    @EnumSource
    void ecdsa_signatures_are_taken_both_ways(Implementations by) throws Exception {
        for (var curve : EcCurve.values()) {
            var spec = new KeySpec.Ec(curve);
            var algorithm = Implementations.algorithms(spec, KeyOperation.SIGN).getFirst();
            try (var key = by.primitives().open(Implementations.key(spec))) {
                byte[] digest = bytes(algorithm.digest());
                file("digest", digest);
                file("signature", JcaEcdsa.EcdsaForm.toDer(key.sign(algorithm, digest)));
                assertThat(verifies(spec, "digest")).isTrue();
                assertThat(byPrivateKey("-sign", spec, "digest")).isTrue();
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
            assertThat(verifies(spec, "message", "-rawin")).isTrue();
            assertThat(byPrivateKey("-sign", spec, "message", "-rawin")).isTrue();
            assertThat(output()).isEqualTo(key.sign(Algorithm.EDDSA, message));
            assertThat(key.verify(Algorithm.EDDSA, message, output())).isTrue();
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
