package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.List;

/**
 * The implementations of the mathematics, chosen once per process, and what is made with them: new keys and usable ones.
 * Thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod"})
public final class Primitives {

    /** The most bytes that {@link #randomBytes} gives at once. */
    public static final int MAX_RANDOM = 1024;

    private final SecureRandom random;

    private Primitives(SecureRandom random) {
        this.random = random;
    }

    /**
     * The fastest that load here: Amazon's native library where it does, the JDK otherwise, BouncyCastle for what neither
     * has. Nothing is registered with the JVM.
     *
     * @param random for keys, initialization vectors and signatures made in Java; native code draws from its own
     */
    public static Primitives load(SecureRandom random) {
        return new Primitives(random);
    }

    /** What is used for what and why, a line each, for the log at start. */
    public List<String> describe() {
        throw new UnsupportedOperationException();
    }

    /** A new key, which the caller closes. RSA of 4096 bits takes seconds of a processor. */
    public KeyMaterial generate(KeySpec spec) {
        throw new UnsupportedOperationException();
    }

    /**
     * A key from its JWK, which the caller closes. What can be computed may be missing: of RSA the primes and what follows
     * from them, or all but the modulus, the public exponent and the private one; of EC and OKP the public point; of AKP the
     * public key. What is given has to belong together.
     *
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} or {@link Refusal#UNSUPPORTED_KEY}
     */
    public KeyMaterial importJwk(JwkMembers members) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a stored key and checks it: sizes, that the private part is in range, that the public part follows from it.
     *
     * @param stored of the form that {@link KeyMaterial} describes; the caller closes it
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} when it is not a key of exactly this spec
     */
    public KeyMaterial read(KeySpec spec, SecretBytes stored) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    /** Parses a key once for many operations. The material may be closed afterwards. */
    public UsableKey open(KeyMaterial key) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #open(KeyMaterial)}, of the public part alone: it encrypts, wraps and verifies. */
    public UsableKey open(PublicKeyForm key) {
        throw new UnsupportedOperationException();
    }

    /** @param count 1 to {@value #MAX_RANDOM} */
    public SecretBytes randomBytes(int count) {
        if (count < 1 || count > MAX_RANDOM) {
            throw new IllegalArgumentException("1 to " + MAX_RANDOM + " bytes are drawn at once");
        }
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }
}
