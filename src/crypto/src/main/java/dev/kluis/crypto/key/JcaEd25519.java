package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;

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
        return new JcaKey(signatures, JcaKeyPair.of(ALGORITHM, keys, key));
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) throws GeneralSecurityException {
        return new JcaKey(signatures, JcaKeyPair.of(ALGORITHM, keys, key));
    }

    private record JcaKey(Provider provider, JcaKeyPair pair) implements SignaturePort.Key {

        @Override
        public byte[] sign(SignatureInput input) throws GeneralSecurityException {
            var signature = Signature.getInstance(ALGORITHM, provider);
            signature.initSign(pair.privateKey());
            signature.update(SignaturePort.value(input));
            return signature.sign();
        }

        @Override
        public boolean verify(SignatureInput input, byte[] given) throws GeneralSecurityException {
            return pair.verify(Signature.getInstance(ALGORITHM, provider), SignaturePort.value(input), given);
        }

        @Override
        public void destroy() {
            pair.destroy();
        }

        @Override
        public String toString() {
            return "JcaKey[" + ALGORITHM + "]";
        }
    }
}
