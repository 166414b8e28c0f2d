package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;

/**
 * The implementations of the mathematics, chosen once per process, and what is made with them: new keys and usable ones.
 * Thread-safe.
 */
public final class Primitives {

    /** The most bytes that {@link #randomBytes} gives at once. */
    public static final int MAX_RANDOM = 1024;

    private final Choice choice;
    private final SecureRandom random;

    Primitives(Choice choice, SecureRandom random) {
        this.choice = choice;
        this.random = random;
    }

    /**
     * The fastest that load here: Amazon's native library where it does, the JDK otherwise, BouncyCastle for what neither
     * has. Nothing is registered with the JVM.
     *
     * @param random for keys, initialization vectors and signatures made in Java; native code draws from its own
     */
    public static Primitives load(SecureRandom random) {
        return new Primitives(Choice.best(random), random);
    }

    /** What is used for what and why, a line each, for the log at start. */
    public List<String> describe() {
        return choice.described();
    }

    /** A new key, which the caller closes. RSA of 4096 bits takes seconds of a processor. */
    public KeyMaterial generate(KeySpec spec) {
        try {
            return switch (spec) {
                case KeySpec.Rsa rsa -> StoredKey.of(choice.rsa().generate(rsa));
                case KeySpec.Ec(EcCurve curve) -> StoredKey.of(EcNumbers.generate(curve, random));
                case KeySpec.Okp _ -> StoredKey.ofEd25519(draw(32));
                case KeySpec.Oct oct -> StoredKey.ofOct(draw(oct.bytes()));
                case KeySpec.Akp(MlDsa parameters) -> StoredKey.ofMlDsa(parameters, draw(MlDsa.SEED));
            };
        } catch (KeyRefusedException e) {
            throw new IllegalStateException("a new key was refused", e);
        }
    }

    /**
     * A key from its JWK, which the caller closes. What can be computed may be missing: of RSA the primes and what follows
     * from them, or all but the modulus, the public exponent and the private one; of EC and OKP the public point; of AKP the
     * public key. What is given has to belong together.
     *
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} or {@link Refusal#UNSUPPORTED_KEY}
     */
    public KeyMaterial importJwk(JwkMembers members) throws KeyRefusedException {
        return JwkImport.of(members, random);
    }

    /**
     * Reads a stored key and checks it: sizes, that the private part is in range, that the public part follows from it.
     *
     * @param stored of the form that {@link KeyMaterial} describes; the caller closes it
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} when it is not a key of exactly this spec
     */
    public KeyMaterial read(KeySpec spec, SecretBytes stored) throws KeyRefusedException {
        return StoredKey.read(spec, stored, random);
    }

    /** Parses a key once for many operations. The material may be closed afterwards. */
    public UsableKey open(KeyMaterial key) {
        try {
            return new UsableKey(key.spec(), key.publicKey().orElse(null), functions(key), true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of the kind " + key.spec().text() + " does not open", e);
        }
    }

    /** As {@link #open(KeyMaterial)}, of the public part alone: it encrypts, wraps and verifies. */
    public UsableKey open(PublicKeyForm key) {
        try {
            return new UsableKey(key.spec(), key, functions(key), false);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of the kind " + key.spec().text() + " does not open", e);
        }
    }

    private KeyFunctions functions(KeyMaterial key) throws GeneralSecurityException {
        return switch (key.spec()) {
            case KeySpec.Rsa _ ->
                new RsaFunctions(
                        choice.rsa().open(key), modulus(key.requirePublic()), StoredKey.rsaRejection(key), random);
            case KeySpec.Oct _ -> new OctFunctions(key.reveal(), choice.oct(), random);
            case KeySpec.Ec _, KeySpec.Okp _, KeySpec.Akp _ ->
                new SignatureFunctions(port(key.spec()).open(key), signature(key.spec()));
        };
    }

    private KeyFunctions functions(PublicKeyForm key) throws GeneralSecurityException {
        return key.spec() instanceof KeySpec.Rsa
                ? new RsaFunctions(choice.rsa().open(key), modulus(key), new byte[0], random)
                : new SignatureFunctions(port(key.spec()).open(key), signature(key.spec()));
    }

    private static BigInteger modulus(PublicKeyForm key) {
        return Numbers.number(key.member("n"));
    }

    private SignaturePort port(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Ec(EcCurve curve) -> curve == EcCurve.P256K ? choice.p256k() : choice.ecdsa();
            case KeySpec.Okp _ -> choice.ed25519();
            case KeySpec.Akp _ -> choice.mlDsa();
            case KeySpec.Rsa _, KeySpec.Oct _ -> throw new IllegalArgumentException("no key that only signs");
        };
    }

    /** Length of a signature in bytes. */
    private static int signature(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Ec(EcCurve curve) -> 2 * curve.bytes();
            case KeySpec.Okp _ -> 64;
            case KeySpec.Akp(MlDsa parameters) -> parameters.signature();
            case KeySpec.Rsa _, KeySpec.Oct _ -> throw new IllegalArgumentException("no key that only signs");
        };
    }

    /** @param count 1 to {@value #MAX_RANDOM} */
    public SecretBytes randomBytes(int count) {
        if (count < 1 || count > MAX_RANDOM) {
            throw new IllegalArgumentException("1 to " + MAX_RANDOM + " bytes are drawn at once");
        }
        return SecretBytes.owning(draw(count));
    }

    private byte[] draw(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
