package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A parsed key that operates, from {@link Primitives#open}. Thread-safe and meant to be kept while it is in use, since
 * parsing costs more than most operations. {@link #close} destroys what can be destroyed, once the operations that run have
 * ended; operations that begin later are an {@link IllegalStateException}.
 */
public final class UsableKey implements AutoCloseable {

    /** The longest plaintext, message or signature that is taken, in bytes. */
    public static final int MAX_VALUE = 64 * 1024;
    /** The longest ciphertext that is taken, in bytes: a plaintext with its padding, or a wrapped key. */
    public static final int MAX_CIPHERTEXT = MAX_VALUE + 16;
    /** The most additional data that is taken, in bytes. */
    public static final int MAX_ADDITIONAL_DATA = 64 * 1024;
    /** The longest context of an ML-DSA signature in bytes (FIPS 204 §5.2). */
    public static final int MAX_CONTEXT = 255;
    /** Length of an external mu in bytes (FIPS 204 §6.2). */
    public static final int MU = 64;

    private static final byte[] NONE = {};
    /** Added to the count of operations when the key is closed. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final KeySpec spec;
    private final @Nullable PublicKeyForm publicKey;
    private final KeyFunctions functions;
    private final boolean privatePart;
    /** How many operations run; negative after closing. A key that is zeroed under an operation would encrypt with zeros. */
    private final AtomicInteger running = new AtomicInteger();

    UsableKey(KeySpec spec, @Nullable PublicKeyForm publicKey, KeyFunctions functions, boolean privatePart) {
        this.spec = spec;
        this.publicKey = publicKey;
        this.functions = functions;
        this.privatePart = privatePart;
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
        check(algorithm, KeyOperation.ENCRYPT);
        checkValue(plaintext.length());
        byte[] data = checkParameters(algorithm, iv, null, additional);
        byte[] value = plaintext.reveal(SecretAccess.GRANTED);
        try {
            return run(() -> functions.encrypt(algorithm, value, iv, data));
        } finally {
            Der.wipe(value);
        }
    }

    /**
     * The plaintext, which the caller closes.
     *
     * @param additional as when it was encrypted
     */
    public SecretBytes decrypt(Algorithm algorithm, Ciphertext ciphertext, byte @Nullable [] additional)
            throws KeyRefusedException {
        check(algorithm, KeyOperation.DECRYPT);
        checkLength(ciphertext.value().length, MAX_CIPHERTEXT);
        byte[] data = checkParameters(algorithm, ciphertext.iv(), ciphertext.tag(), additional);
        return SecretBytes.owning(run(() -> functions.decrypt(algorithm, ciphertext, data)));
    }

    /** Another key, encrypted under this one. */
    public byte[] wrap(Algorithm algorithm, SecretBytes key) throws KeyRefusedException {
        check(algorithm, KeyOperation.WRAP_KEY);
        return encrypt(algorithm, key, null, null).value();
    }

    /** The other key, which the caller closes. */
    public SecretBytes unwrap(Algorithm algorithm, byte[] wrapped) throws KeyRefusedException {
        check(algorithm, KeyOperation.UNWRAP_KEY);
        return decrypt(algorithm, Ciphertext.of(wrapped), null);
    }

    /** @param value the digest or the message, as {@link Algorithm} says */
    public byte[] sign(Algorithm algorithm, byte[] value) throws KeyRefusedException {
        return sign(algorithm, SignatureInput.of(value));
    }

    public byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException {
        check(algorithm, KeyOperation.SIGN);
        checkInput(algorithm, input);
        return run(() -> functions.sign(algorithm, input));
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
        check(algorithm, KeyOperation.VERIFY);
        checkInput(algorithm, input);
        checkValue(signature.length);
        return run(() -> functions.verify(algorithm, input, signature));
    }

    private void check(Algorithm algorithm, KeyOperation operation) throws KeyRefusedException {
        if (!algorithm.fits(spec) || !algorithm.operations().contains(operation)) {
            throw new KeyRefusedException(
                    Refusal.WRONG_ALGORITHM,
                    "a key of the kind " + spec.text() + " does not " + operation.jose() + " by " + algorithm.jose());
        }
        boolean needed = switch (operation) {
            case DECRYPT, UNWRAP_KEY, SIGN -> true;
            case ENCRYPT, WRAP_KEY, VERIFY -> false;
        };
        if (needed && !privatePart) {
            throw new KeyRefusedException(
                    Refusal.NO_PRIVATE_KEY, "the public part of a key does not " + operation.jose());
        }
    }

    private static void checkValue(int length) throws KeyRefusedException {
        checkLength(length, MAX_VALUE);
    }

    private static void checkLength(int length, int most) throws KeyRefusedException {
        if (length > most) {
            throw KeyFunctions.wrongLength("a value has at most " + most + " bytes");
        }
    }

    /**
     * Lengths of what is given are checked by the algorithm.
     *
     * @return the additional data, which may be empty
     */
    private static byte[] checkParameters(
            Algorithm algorithm, byte @Nullable [] iv, byte @Nullable [] tag, byte @Nullable [] additional)
            throws KeyRefusedException {
        boolean gcm = algorithm.family() == Algorithm.Family.GCM;
        boolean cbc = algorithm.family() == Algorithm.Family.CBC || algorithm.family() == Algorithm.Family.CBC_PAD;
        if (iv != null && !gcm && !cbc) {
            throw new KeyRefusedException(Refusal.BAD_IV, algorithm.jose() + " has no initialization vector");
        }
        if (tag != null && !gcm) {
            throw new KeyRefusedException(Refusal.BAD_TAG, algorithm.jose() + " has no tag");
        }
        if (additional != null && (!gcm || additional.length > MAX_ADDITIONAL_DATA)) {
            throw new KeyRefusedException(
                    Refusal.BAD_ADDITIONAL_DATA,
                    gcm
                            ? "additional data has at most " + MAX_ADDITIONAL_DATA + " bytes"
                            : algorithm.jose() + " authenticates no additional data");
        }
        return additional == null ? NONE : additional;
    }

    private static void checkInput(Algorithm algorithm, SignatureInput input) throws KeyRefusedException {
        if (!(input instanceof SignatureInput.Value) && algorithm.family() != Algorithm.Family.ML_DSA) {
            throw new KeyRefusedException(
                    Refusal.BAD_CONTEXT, algorithm.jose() + " has neither a context nor an external mu");
        }
        switch (input) {
            case SignatureInput.Value plain -> {
                checkValue(plain.value.length);
                if (algorithm.digest() != 0 && plain.value.length != algorithm.digest()) {
                    throw KeyFunctions.wrongLength(
                            algorithm.jose() + " takes a digest of " + algorithm.digest() + " bytes");
                }
            }
            case SignatureInput.InContext inContext -> {
                checkValue(inContext.message.length);
                if (inContext.context.length > MAX_CONTEXT) {
                    throw new KeyRefusedException(
                            Refusal.BAD_CONTEXT, "a context has at most " + MAX_CONTEXT + " bytes");
                }
            }
            case SignatureInput.ExternalMu external -> {
                if (external.mu.length != MU) {
                    throw KeyFunctions.wrongLength("an external mu has " + MU + " bytes");
                }
            }
        }
    }

    /** An operation of the parsed key. */
    private interface Run<T> {
        T now() throws KeyRefusedException, GeneralSecurityException;
    }

    private <T> T run(Run<T> operation) throws KeyRefusedException {
        if (running.getAndUpdate(n -> n < 0 ? n : n + 1) < 0) {
            throw new IllegalStateException("the key was closed");
        }
        try {
            return operation.now();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of the kind " + spec.text() + " does not work in this runtime", e);
        } finally {
            if (running.decrementAndGet() == CLOSED) {
                functions.destroy();
            }
        }
    }

    @Override
    public void close() {
        if (running.getAndUpdate(n -> n < 0 ? n : n + CLOSED) == 0) {
            functions.destroy();
        }
    }

    @Override
    public String toString() {
        return "UsableKey[" + spec.text() + (privatePart ? "]" : ", public part]");
    }
}
