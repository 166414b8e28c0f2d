package dev.kluis.crypto.key;

import static dev.kluis.crypto.key.KeyOperation.DECRYPT;
import static dev.kluis.crypto.key.KeyOperation.ENCRYPT;
import static dev.kluis.crypto.key.KeyOperation.SIGN;
import static dev.kluis.crypto.key.KeyOperation.UNWRAP_KEY;
import static dev.kluis.crypto.key.KeyOperation.VERIFY;
import static dev.kluis.crypto.key.KeyOperation.WRAP_KEY;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The algorithms of keys, by the names of JOSE (RFC 7518, RFC 8037, RFC 8812) and, where JOSE has none, of Key Vault.
 *
 * <p>What a signature is made over: for RS, PS and ES the <em>digest</em> of the message, of exactly {@link #digest} bytes;
 * for RSNULL what is put into the padding as it is; for HS, EdDSA and ML-DSA the message itself, of at most
 * {@link UsableKey#MAX_VALUE} bytes. ECDSA signatures are r and s side by side, each as long as a coordinate (RFC 7518
 * §3.4). PSS has a salt as long as the digest and MGF1 with the same hash (RFC 7518 §3.5).
 */
public enum Algorithm {
    /** OAEP with SHA-1 (RFC 7518 §4.3); takes up to k - 42 bytes, k the length of the modulus. */
    RSA_OAEP("RSA-OAEP", Family.RSA_OAEP, 20, 0),
    /** OAEP with SHA-256 for the label and MGF1 (RFC 7518 §4.3); takes up to k - 66 bytes. */
    RSA_OAEP_256("RSA-OAEP-256", Family.RSA_OAEP, 32, 0),
    /**
     * PKCS #1 v1.5 (RFC 7518 §4.2); takes up to k - 11 bytes. A ciphertext whose padding is wrong decrypts to bytes that
     * look random and are the same each time, so that nobody learns anything from asking.
     */
    RSA1_5("RSA1_5", Family.RSA1_5, 0, 0),
    /** AES-GCM (NIST SP 800-38D): an IV of 12 bytes, drawn where none is given, and a tag of 16. */
    A128GCM("A128GCM", Family.GCM, 0, 128),
    A192GCM("A192GCM", Family.GCM, 0, 192),
    A256GCM("A256GCM", Family.GCM, 0, 256),
    /** AES-CBC (NIST SP 800-38A) over whole blocks of 16 bytes; an IV of 16 bytes, drawn where none is given. Not authenticated. */
    A128CBC("A128CBC", Family.CBC, 0, 128),
    A192CBC("A192CBC", Family.CBC, 0, 192),
    A256CBC("A256CBC", Family.CBC, 0, 256),
    /** AES-CBC with the padding of PKCS #7 (RFC 5652 §6.3). Whoever may decrypt can be used as a padding oracle. */
    A128CBCPAD("A128CBCPAD", Family.CBC_PAD, 0, 128),
    A192CBCPAD("A192CBCPAD", Family.CBC_PAD, 0, 192),
    A256CBCPAD("A256CBCPAD", Family.CBC_PAD, 0, 256),
    /** AES Key Wrap (RFC 3394) of 16 bytes or more, in steps of 8. */
    A128KW("A128KW", Family.KEY_WRAP, 0, 128),
    A192KW("A192KW", Family.KEY_WRAP, 0, 192),
    A256KW("A256KW", Family.KEY_WRAP, 0, 256),
    /** AES Key Wrap (RFC 3394) under a key of any size. */
    CKM_AES_KEY_WRAP("CKM_AES_KEY_WRAP", Family.KEY_WRAP, 0, 0),
    /** AES Key Wrap with Padding (RFC 5649) of one byte or more, under a key of any size. */
    CKM_AES_KEY_WRAP_PAD("CKM_AES_KEY_WRAP_PAD", Family.KEY_WRAP_PAD, 0, 0),
    /** RSASSA-PKCS1-v1_5 (RFC 7518 §3.3). */
    RS256("RS256", Family.RSA_PKCS1, 32, 0),
    RS384("RS384", Family.RSA_PKCS1, 48, 0),
    RS512("RS512", Family.RSA_PKCS1, 64, 0),
    /** RSASSA-PSS (RFC 7518 §3.5). */
    PS256("PS256", Family.RSA_PSS, 32, 0),
    PS384("PS384", Family.RSA_PSS, 48, 0),
    PS512("PS512", Family.RSA_PSS, 64, 0),
    /** The padding of PKCS #1 v1.5 for signatures around the caller's bytes, 1 to k - 11, with no DigestInfo: for old TLS. */
    RSNULL("RSNULL", Family.RSA_NULL, 0, 0),
    /** ECDSA (RFC 7518 §3.4, RFC 8812 §3.2). */
    ES256("ES256", Family.ECDSA, 32, 0),
    ES256K("ES256K", Family.ECDSA, 32, 0),
    ES384("ES384", Family.ECDSA, 48, 0),
    ES512("ES512", Family.ECDSA, 64, 0),
    /** HMAC (RFC 7518 §3.2) under a key exactly as long as the hash. */
    HS256("HS256", Family.HMAC, 0, 256),
    HS384("HS384", Family.HMAC, 0, 384),
    HS512("HS512", Family.HMAC, 0, 512),
    /** Ed25519 (RFC 8037 §3.1) over the message. */
    EDDSA("EdDSA", Family.EDDSA, 0, 0),
    /** Pure ML-DSA, hedged (FIPS 204 §5.2), over the message, with a context or over an external mu where those are given. */
    ML_DSA_44("ML-DSA-44", Family.ML_DSA, 0, 0),
    ML_DSA_65("ML-DSA-65", Family.ML_DSA, 0, 0),
    ML_DSA_87("ML-DSA-87", Family.ML_DSA, 0, 0);

    /** What algorithms do alike. */
    enum Family {
        RSA_OAEP,
        RSA1_5,
        GCM,
        CBC,
        CBC_PAD,
        KEY_WRAP,
        KEY_WRAP_PAD,
        RSA_PKCS1,
        RSA_PSS,
        RSA_NULL,
        ECDSA,
        HMAC,
        EDDSA,
        ML_DSA
    }

    private static final Set<KeyOperation> ENCRYPTING_AND_WRAPPING = Set.of(ENCRYPT, DECRYPT, WRAP_KEY, UNWRAP_KEY);
    private static final Set<KeyOperation> ENCRYPTING = Set.of(ENCRYPT, DECRYPT);
    private static final Set<KeyOperation> SIGNING = Set.of(SIGN, VERIFY);

    private static final Map<String, Algorithm> NAMES =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Algorithm::jose, Function.identity()));

    private final String jose;
    private final Family family;
    private final int digest;
    private final int keyBits;

    Algorithm(String jose, Family family, int digest, int keyBits) {
        this.jose = jose;
        this.family = family;
        this.digest = digest;
        this.keyBits = keyBits;
    }

    /** @param name in exactly the case of {@link #jose} */
    public static Optional<Algorithm> of(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }

    /** {@code alg}. */
    public String jose() {
        return jose;
    }

    Family family() {
        return family;
    }

    /** The operations that it does. Key wrapping counts as encryption too, as in Key Vault. */
    public Set<KeyOperation> operations() {
        return switch (family) {
            case RSA_OAEP, RSA1_5, KEY_WRAP, KEY_WRAP_PAD -> ENCRYPTING_AND_WRAPPING;
            case GCM, CBC, CBC_PAD -> ENCRYPTING;
            case RSA_PKCS1, RSA_PSS, RSA_NULL, ECDSA, HMAC, EDDSA, ML_DSA -> SIGNING;
        };
    }

    /** Length in bytes of the digest that is signed, or of the hash in OAEP; 0 for those that take no digest. */
    public int digest() {
        return digest;
    }

    /** Whether a key of this kind is used with it. */
    public boolean fits(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Rsa _ ->
                switch (family) {
                    case RSA_OAEP, RSA1_5, RSA_PKCS1, RSA_PSS, RSA_NULL -> true;
                    default -> false;
                };
            case KeySpec.Ec(EcCurve curve) -> this == ecdsa(curve);
            case KeySpec.Okp _ -> this == EDDSA;
            case KeySpec.Oct(int bits) ->
                switch (family) {
                    case GCM, CBC, CBC_PAD, HMAC -> bits == keyBits;
                    case KEY_WRAP, KEY_WRAP_PAD -> keyBits == 0 ? bits <= 256 : bits == keyBits;
                    default -> false;
                };
            case KeySpec.Akp(MlDsa parameters) -> jose.equals(parameters.jose());
        };
    }

    private static Algorithm ecdsa(EcCurve curve) {
        return switch (curve) {
            case P256 -> ES256;
            case P256K -> ES256K;
            case P384 -> ES384;
            case P521 -> ES512;
        };
    }
}
