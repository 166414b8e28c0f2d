package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;

/** ECDSA over digests by a provider of the Java Cryptography Architecture, for the curves of FIPS 186-5. */
record JcaEcdsa(Provider provider, SecureRandom random) implements SignaturePort {

    private static final String ALGORITHM = "NONEwithECDSA";

    @Override
    public SignaturePort.Key open(KeyMaterial key) throws GeneralSecurityException {
        return new JcaKey(JcaKeyPair.of("EC", provider, key), coordinate(key.spec()));
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) throws GeneralSecurityException {
        return new JcaKey(JcaKeyPair.of("EC", provider, key), coordinate(key.spec()));
    }

    private static int coordinate(KeySpec spec) {
        return ((KeySpec.Ec) spec).curve().bytes();
    }

    private final class JcaKey implements SignaturePort.Key {

        private final JcaKeyPair pair;
        private final int coordinate;

        private JcaKey(JcaKeyPair pair, int coordinate) {
            this.pair = pair;
            this.coordinate = coordinate;
        }

        @Override
        public byte[] sign(SignatureInput input) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initSign(pair.privateKey(), random);
            signature.update(SignaturePort.value(input));
            return EcdsaForm.ofDer(signature.sign(), coordinate);
        }

        @Override
        public boolean verify(SignatureInput input, byte[] given) throws GeneralSecurityException {
            var by = Signature.getInstance(ALGORITHM, provider);
            return pair.verify(by, SignaturePort.value(input), EcdsaForm.toDer(given));
        }

        @Override
        public void destroy() {
            pair.destroy();
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
