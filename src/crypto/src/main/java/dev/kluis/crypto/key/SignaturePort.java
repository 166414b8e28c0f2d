package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;

/** Signatures with one kind of key by one provider. */
interface SignaturePort {

    /** @param key in its stored form, with the private part */
    Key open(KeyMaterial key) throws GeneralSecurityException;

    Key open(PublicKeyForm key) throws GeneralSecurityException;

    /** A parsed key. */
    interface Key {

        /** @return r and s side by side for ECDSA */
        byte[] sign(SignatureInput input) throws GeneralSecurityException;

        /** @param signature of the algorithm's length, of any content */
        boolean verify(SignatureInput input, byte[] signature) throws GeneralSecurityException;

        void destroy();
    }

    /** What all but ML-DSA sign. */
    static byte[] value(SignatureInput input) {
        if (input instanceof SignatureInput.Value plain) {
            return plain.value;
        }
        throw new IllegalArgumentException("only ML-DSA has contexts");
    }
}
