package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretBytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parsed key that operates, from {@link Primitives#open}. Thread-safe and meant to be kept while it is in use, since
 * parsing costs more than most operations. {@link #close} destroys what can be destroyed, once the operations that run have
 * ended; operations that begin later are an {@link IllegalStateException}.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod"})
public final class UsableKey implements AutoCloseable {

    /** The longest plaintext, ciphertext, message or signature that is taken, in bytes. */
    public static final int MAX_VALUE = 64 * 1024;
    /** The most additional data that is taken, in bytes. */
    public static final int MAX_ADDITIONAL_DATA = 64 * 1024;

    private final KeySpec spec;
    private final @Nullable PublicKeyForm publicKey;

    UsableKey(KeySpec spec, @Nullable PublicKeyForm publicKey) {
        this.spec = spec;
        this.publicKey = publicKey;
    }

    public KeySpec spec() {
        return spec;
    }

    /** Empty for a symmetric key, and only then. */
    public Optional<PublicKeyForm> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    /**
     * @param iv for GCM (12 bytes) and CBC (16 bytes); null draws a random one, which is better: a GCM key that uses an IV
     *     twice is lost. Null for all others.
     * @param additional authenticated with it, GCM only; null for none
     */
    public Ciphertext encrypt(
            Algorithm algorithm, SecretBytes plaintext, byte @Nullable [] iv, byte @Nullable [] additional)
            throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /**
     * The plaintext, which the caller closes.
     *
     * @param additional as when it was encrypted
     */
    public SecretBytes decrypt(Algorithm algorithm, Ciphertext ciphertext, byte @Nullable [] additional)
            throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /** Another key, encrypted under this one. */
    public byte[] wrap(Algorithm algorithm, SecretBytes key) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /** The other key, which the caller closes. */
    public SecretBytes unwrap(Algorithm algorithm, byte[] wrapped) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /** @param value the digest or the message, as {@link Algorithm} says */
    public byte[] sign(Algorithm algorithm, byte[] value) throws KeyRefusedException {
        return sign(algorithm, SignatureInput.of(value));
    }

    public byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether the signature, of any length and content, was made over this value.
     *
     * @param value the digest or the message, as {@link Algorithm} says
     */
    public boolean verify(Algorithm algorithm, byte[] value, byte[] signature) throws KeyRefusedException {
        return verify(algorithm, SignatureInput.of(value), signature);
    }

    public boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "UsableKey[" + spec.text() + "]";
    }
}
