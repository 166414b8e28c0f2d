package dev.kluis.crypto.key;

import java.util.List;
import java.util.Set;

/** What kind of key: its type and size. Only those that are offered can be built. */
public sealed interface KeySpec {

    /** {@code kty} (RFC 7518 §6.1, RFC 8037 §2, draft-ietf-cose-dilithium for AKP), without Key Vault's {@code -HSM}. */
    String kty();

    /**
     * The spec in one word, for records, such as {@code RSA-2048}, {@code RSA-2048-3} (the exponent, where it is not 65537),
     * {@code EC-P-256K}, {@code OKP-Ed25519}, {@code oct-256}, {@code AKP-ML-DSA-65}; {@link #parse} reads it.
     */
    String text();

    /** Whether the key has a private and a public part. */
    default boolean asymmetric() {
        return !(this instanceof Oct);
    }

    /**
     * RSA with two primes (RFC 8017 §3).
     *
     * @param bits of the modulus: 2048, 3072 or 4096
     * @param exponent the public one: 65537 or 3
     */
    record Rsa(int bits, int exponent) implements KeySpec {

        public static final Set<Integer> SIZES = Set.of(2048, 3072, 4096);
        public static final Set<Integer> EXPONENTS = Set.of(65537, 3);

        public Rsa {
            if (!SIZES.contains(bits) || !EXPONENTS.contains(exponent)) {
                throw new IllegalArgumentException(
                        "an RSA key has 2048, 3072 or 4096 bits and the public exponent 65537 or 3");
            }
        }

        public Rsa(int bits) {
            this(bits, 65537);
        }

        /** Length of the modulus, a ciphertext and a signature in bytes. */
        public int bytes() {
            return bits / 8;
        }

        @Override
        public String kty() {
            return "RSA";
        }

        @Override
        public String text() {
            return "RSA-" + bits + (exponent == 65537 ? "" : "-" + exponent);
        }
    }

    /** A key of a curve for ECDSA. */
    record Ec(EcCurve curve) implements KeySpec {

        @Override
        public String kty() {
            return "EC";
        }

        @Override
        public String text() {
            return "EC-" + curve.jose();
        }
    }

    /** An Ed25519 key (RFC 8032 §5.1), {@code crv} of which is {@value #CRV}. */
    record Okp() implements KeySpec {

        public static final String CRV = "Ed25519";

        @Override
        public String kty() {
            return "OKP";
        }

        @Override
        public String text() {
            return "OKP-" + CRV;
        }
    }

    /**
     * A symmetric key: AES of 128, 192 or 256 bits, or HMAC of 256, 384 or 512.
     *
     * @param bits any of those
     */
    record Oct(int bits) implements KeySpec {

        public static final Set<Integer> SIZES = Set.of(128, 192, 256, 384, 512);

        public Oct {
            if (!SIZES.contains(bits)) {
                throw new IllegalArgumentException("a symmetric key has 128, 192, 256, 384 or 512 bits");
            }
        }

        /** Length of the key in bytes. */
        public int bytes() {
            return bits / 8;
        }

        @Override
        public String kty() {
            return "oct";
        }

        @Override
        public String text() {
            return "oct-" + bits;
        }
    }

    /** An ML-DSA key. */
    record Akp(MlDsa parameters) implements KeySpec {

        @Override
        public String kty() {
            return "AKP";
        }

        @Override
        public String text() {
            return "AKP-" + parameters.jose();
        }
    }

    /** @throws KeyRefusedException {@link Refusal#UNSUPPORTED_KEY} when it is not exactly a {@link #text} */
    static KeySpec parse(String text) throws KeyRefusedException {
        return KeySpecs.ALL.stream()
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new KeyRefusedException(Refusal.UNSUPPORTED_KEY, "not a kind of key that is offered"));
    }

    /** Every kind of key that is offered, in a fixed order. */
    static List<KeySpec> all() {
        return KeySpecs.ALL;
    }
}
