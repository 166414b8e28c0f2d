package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.SignatureInput;
import org.jspecify.annotations.Nullable;

/**
 * A key that computes, by the rules of {@link dev.kluis.crypto.key.UsableKey}. Each method throws
 * {@link KeyRefusedException} for what the key or the algorithm does not take. Thread-safe.
 */
public interface OpenKey extends AutoCloseable {

    Ciphertext encrypt(Algorithm algorithm, SecretBytes plaintext, byte @Nullable [] iv, byte @Nullable [] additional)
            throws KeyRefusedException;

    /** The plaintext, which the caller closes. */
    SecretBytes decrypt(Algorithm algorithm, Ciphertext ciphertext, byte @Nullable [] additional)
            throws KeyRefusedException;

    byte[] wrap(Algorithm algorithm, SecretBytes key) throws KeyRefusedException;

    /** The other key, which the caller closes. */
    SecretBytes unwrap(Algorithm algorithm, byte[] wrapped) throws KeyRefusedException;

    byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException;

    boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) throws KeyRefusedException;

    @Override
    void close();
}
