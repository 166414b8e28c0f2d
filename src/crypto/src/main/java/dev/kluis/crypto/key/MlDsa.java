package dev.kluis.crypto.key;

import java.util.Arrays;
import java.util.Optional;

/** The parameter sets of ML-DSA (FIPS 204 §4). */
public enum MlDsa {
    ML_DSA_44("ML-DSA-44", 1312, 2420),
    ML_DSA_65("ML-DSA-65", 1952, 3309),
    ML_DSA_87("ML-DSA-87", 2592, 4627);

    /** Length of a private key in bytes: the seed of FIPS 204 §6.1. */
    public static final int SEED = 32;

    private final String jose;
    private final int publicKey;
    private final int signature;

    MlDsa(String jose, int publicKey, int signature) {
        this.jose = jose;
        this.publicKey = publicKey;
        this.signature = signature;
    }

    /** {@code alg} of the key and of its signatures. */
    public String jose() {
        return jose;
    }

    /** Length of a public key in bytes. */
    public int publicKey() {
        return publicKey;
    }

    /** Length of a signature in bytes. */
    public int signature() {
        return signature;
    }

    public static Optional<MlDsa> of(String alg) {
        return Arrays.stream(values()).filter(one -> one.jose.equals(alg)).findFirst();
    }
}
