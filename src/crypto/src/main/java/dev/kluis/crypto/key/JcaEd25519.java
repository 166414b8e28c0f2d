package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 by a provider of the Java Cryptography Architecture.
 *
 * @param keys parses them
 * @param signatures makes and checks them
 */
record JcaEd25519(Provider keys, Provider signatures) implements SignaturePort {

    private static final String ALGORITHM = "Ed25519";

    @Override
    public SignaturePort.Key open(KeyMaterial key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance(ALGORITHM, keys);
        byte[] pkcs8 = key.reveal();
        try {
            return new JcaKey(
                    signatures,
                    factory.generatePublic(
                            new X509EncodedKeySpec(key.requirePublic().spki())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } finally {
            Der.wipe(pkcs8);
        }
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance(ALGORITHM, keys);
        return new JcaKey(signatures, factory.generatePublic(new X509EncodedKeySpec(key.spki())), null);
    }

    private record JcaKey(
            Provider provider,
            PublicKey publicKey,
            @Nullable PrivateKey privateKey) implements SignaturePort.Key {

        @Override
        public byte[] sign(SignatureInput input) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initSign(privateKey);
            signature.update(SignaturePort.value(input));
            return signature.sign();
        }

        @Override
        public boolean verify(SignatureInput input, byte[] given) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initVerify(publicKey);
            signature.update(SignaturePort.value(input));
            try {
                return signature.verify(given);
            } catch (SignatureException e) {
                // A point or number out of range.
                return false;
            }
        }

        @Override
        public void destroy() {
            JcaEcdsa.destroy(privateKey);
        }

        @Override
        public String toString() {
            return "JcaKey[" + ALGORITHM + "]";
        }
    }
}
