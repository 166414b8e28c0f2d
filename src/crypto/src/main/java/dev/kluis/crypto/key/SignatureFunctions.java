package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;

/** A key that does nothing but sign, by a provider: ECDSA, Ed25519, ML-DSA. */
final class SignatureFunctions extends KeyFunctions {

    private final SignaturePort.Key key;
    private final int length;

    /** @param length of a signature in bytes */
    SignatureFunctions(SignaturePort.Key key, int length) {
        this.key = key;
        this.length = length;
    }

    @Override
    byte[] sign(Algorithm algorithm, SignatureInput input) throws GeneralSecurityException {
        return key.sign(input);
    }

    @Override
    boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) throws GeneralSecurityException {
        return signature.length == length && key.verify(input, signature);
    }

    @Override
    void destroy() {
        key.destroy();
    }
}
