package dev.kluis.crypto.key;

import java.util.Map;

/** The public part of a key in the forms in which it is given away. Immutable; compared by its bytes. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod"})
public final class PublicKeyForm {

    /** The longest SubjectPublicKeyInfo that is read, in bytes. */
    public static final int MAX_SPKI = 4096;

    private final KeySpec spec;
    private final byte[] spki;

    private PublicKeyForm(KeySpec spec, byte[] spki) {
        this.spec = spec;
        this.spki = spki;
    }

    /**
     * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) in DER and checks the key: sizes that are offered, a point that is
     * on its curve. An attacker may control every byte.
     *
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} or {@link Refusal#UNSUPPORTED_KEY}
     */
    public static PublicKeyForm ofSpki(byte[] der) throws KeyRefusedException {
        throw new UnsupportedOperationException();
    }

    public KeySpec spec() {
        return spec;
    }

    /** SubjectPublicKeyInfo in DER; a copy. */
    public byte[] spki() {
        return spki.clone();
    }

    /** SubjectPublicKeyInfo in PEM (RFC 7468 §13), lines of 64 characters, with a line feed at the end. */
    public String pem() {
        throw new UnsupportedOperationException();
    }

    /**
     * The public members of the JWK, {@code kty} first, in the order in which Key Vault writes them; binary ones in
     * base64url without padding: {@code kty, n, e} or {@code kty, crv, x, y} or {@code kty, crv, x} or {@code kty, alg,
     * pub}. {@code crv} is Key Vault's name.
     */
    public Map<String, String> jwk() {
        throw new UnsupportedOperationException();
    }

    /** The SHA-256 thumbprint (RFC 7638), base64url without padding; over the registered name of the curve. */
    public String thumbprint() {
        throw new UnsupportedOperationException();
    }
}
