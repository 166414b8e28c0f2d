package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * What a parsed key of one type does. {@link UsableKey} has checked that algorithm, key and operation fit together, that
 * values have lengths that are taken at all and that parameters are given only where they are used; what depends on the type
 * is checked here.
 */
abstract class KeyFunctions {

    Ciphertext encrypt(Algorithm algorithm, byte[] plaintext, byte @Nullable [] iv, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        throw unfit(algorithm);
    }

    /** @return a plaintext that belongs to the caller */
    byte[] decrypt(Algorithm algorithm, Ciphertext ciphertext, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        throw unfit(algorithm);
    }

    byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException, GeneralSecurityException {
        throw unfit(algorithm);
    }

    boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature)
            throws KeyRefusedException, GeneralSecurityException {
        throw unfit(algorithm);
    }

    /** Once, and nothing is called afterwards. */
    abstract void destroy();

    static KeyRefusedException wrongLength(String what) {
        return new KeyRefusedException(Refusal.WRONG_LENGTH, what);
    }

    /** One for all reasons, and without the cause, whose text may tell them apart. */
    static KeyRefusedException decryptionFailed() {
        return new KeyRefusedException(Refusal.DECRYPTION_FAILED, "the value does not decrypt with this key");
    }

    private static IllegalArgumentException unfit(Algorithm algorithm) {
        return new IllegalArgumentException(algorithm.jose() + " is not done by this type of key");
    }
}
