package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;

/** RSA by one provider. */
interface RsaPort {

    /** A new key of two primes. */
    RsaNumbers generate(KeySpec.Rsa spec);

    /** @param key in its stored form, with the private part */
    Key open(KeyMaterial key) throws GeneralSecurityException;

    Key open(PublicKeyForm key) throws GeneralSecurityException;

    /** A parsed key. Numbers are as long as the modulus and below it. */
    interface Key {

        /** To the power of the public exponent. */
        byte[] raisePublic(byte[] number) throws GeneralSecurityException;

        /** To the power of the private exponent; blinded, and checked against faults. */
        byte[] raisePrivate(byte[] number) throws GeneralSecurityException;

        /**
         * OAEP with an empty label (RFC 8017 §7.1).
         *
         * @param hash of the label and of MGF1
         */
        byte[] encryptOaep(String hash, byte[] plaintext) throws GeneralSecurityException;

        /** @throws GeneralSecurityException when the ciphertext does not decrypt, the same for whatever reason */
        byte[] decryptOaep(String hash, byte[] ciphertext) throws GeneralSecurityException;

        void destroy();
    }
}
