package dev.kluis.crypto.key;

import java.util.Arrays;
import java.util.Optional;

/** The elliptic curves of keys that sign by ECDSA: those of FIPS 186-5 and secp256k1 (SEC 2). */
public enum EcCurve {
    P256("P-256", "P-256", "secp256r1", 32),
    P256K("P-256K", "secp256k1", "secp256k1", 32),
    P384("P-384", "P-384", "secp384r1", 48),
    P521("P-521", "P-521", "secp521r1", 66);

    private final String jose;
    private final String registered;
    private final String standard;
    private final int bytes;

    EcCurve(String jose, String registered, String standard, int bytes) {
        this.jose = jose;
        this.registered = registered;
        this.standard = standard;
        this.bytes = bytes;
    }

    /** {@code crv} as Key Vault writes it. */
    public String jose() {
        return jose;
    }

    /** {@code crv} as it is registered (RFC 7518 §6.2.1.1, RFC 8812 §3.1); another one for P-256K only. */
    public String registered() {
        return registered;
    }

    /** The name in SEC 2, which Java uses too. */
    String standard() {
        return standard;
    }

    /** Length of a coordinate, and of half a signature, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** @param crv as Key Vault writes it, or as it is registered */
    public static Optional<EcCurve> of(String crv) {
        return Arrays.stream(values())
                .filter(one -> one.jose.equals(crv) || one.registered.equals(crv))
                .findFirst();
    }
}
