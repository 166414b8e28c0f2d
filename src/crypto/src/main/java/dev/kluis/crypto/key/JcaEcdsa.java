package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;

/** ECDSA over digests by a provider of the Java Cryptography Architecture, for the curves of FIPS 186-5. */
record JcaEcdsa(Provider provider, SecureRandom random) implements SignaturePort {

    private static final String ALGORITHM = "NONEwithECDSA";

    @Override
    public SignaturePort.Key open(KeyMaterial key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance("EC", provider);
        byte[] pkcs8 = key.reveal();
        try {
            return new JcaKey(
                    factory.generatePublic(
                            new X509EncodedKeySpec(key.requirePublic().spki())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)),
                    coordinate(key.spec()));
        } finally {
            Der.wipe(pkcs8);
        }
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance("EC", provider);
        return new JcaKey(factory.generatePublic(new X509EncodedKeySpec(key.spki())), null, coordinate(key.spec()));
    }

    private static int coordinate(KeySpec spec) {
        return ((KeySpec.Ec) spec).curve().bytes();
    }

    private final class JcaKey implements SignaturePort.Key {

        private final PublicKey publicKey;
        private final @Nullable PrivateKey privateKey;
        private final int coordinate;

        private JcaKey(PublicKey publicKey, @Nullable PrivateKey privateKey, int coordinate) {
            this.publicKey = publicKey;
            this.privateKey = privateKey;
            this.coordinate = coordinate;
        }

        @Override
        public byte[] sign(SignatureInput input) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initSign(privateKey, random);
            signature.update(SignaturePort.value(input));
            return EcdsaForm.ofDer(signature.sign(), coordinate);
        }

        @Override
        public boolean verify(SignatureInput input, byte[] given) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initVerify(publicKey);
            signature.update(SignaturePort.value(input));
            try {
                return signature.verify(EcdsaForm.toDer(given));
            } catch (SignatureException e) {
                // Numbers out of range.
                return false;
            }
        }

        @Override
        public void destroy() {
            JcaEcdsa.destroy(privateKey);
        }
    }

    /** As far as the provider can: Amazon's frees and zeroes native memory, the JDK's leaves it to the collector. */
    static void destroy(@Nullable PrivateKey key) {
        if (key != null && !key.isDestroyed()) {
            try {
                key.destroy();
            } catch (DestroyFailedException e) {
                // The provider has no way to; the key is garbage from here on.
                return;
            }
        }
    }

    /** The two forms of ECDSA signatures: r and s side by side (RFC 7518 §3.4) and ECDSA-Sig-Value (RFC 3279 §2.2.3). */
    static final class EcdsaForm {

        private EcdsaForm() {}

        static byte[] toDer(byte[] sides) {
            int half = sides.length / 2;
            return Der.sequence(
                    Der.integer(new BigInteger(1, sides, 0, half)), Der.integer(new BigInteger(1, sides, half, half)));
        }

        static byte[] ofDer(byte[] der, int coordinate) throws SignatureException {
            try {
                var both = Der.of(der).read(Der.SEQUENCE);
                return sides(both.integer(), both.integer(), coordinate);
            } catch (KeyRefusedException e) {
                throw new SignatureException("the provider's signature is malformed", e);
            }
        }

        static byte[] sides(BigInteger r, BigInteger s, int coordinate) {
            byte[] sides = new byte[2 * coordinate];
            System.arraycopy(Numbers.octets(r, coordinate), 0, sides, 0, coordinate);
            System.arraycopy(Numbers.octets(s, coordinate), 0, sides, coordinate, coordinate);
            return sides;
        }
    }
}
