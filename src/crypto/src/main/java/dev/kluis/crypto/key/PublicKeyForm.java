package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The public part of a key in the forms in which it is given away. Immutable; compared by its bytes. */
public final class PublicKeyForm {

    /** The longest SubjectPublicKeyInfo that is read, in bytes. */
    public static final int MAX_SPKI = 4096;

    private final KeySpec spec;
    private final byte[] spki;
    /** The numbers, points or keys in the JWK, in its order. */
    private final Map<String, byte[]> members;

    private PublicKeyForm(KeySpec spec, KeyIdentifier identifier, byte[] key, Map<String, byte[]> members) {
        this.spec = spec;
        this.spki = Der.sequence(identifier.der(), Der.bits(key));
        this.members = members;
    }

    static PublicKeyForm ofRsa(BigInteger n, BigInteger e) throws KeyRefusedException {
        var spec = RsaNumbers.spec(n, e);
        var members = new LinkedHashMap<String, byte[]>();
        members.put("n", Numbers.octets(n));
        members.put("e", Numbers.octets(e));
        return new PublicKeyForm(spec, KeyIdentifier.RSA, Der.sequence(Der.integer(n), Der.integer(e)), members);
    }

    /** @param point of the curve, checked */
    static PublicKeyForm ofEc(EcCurve curve, ECPoint point) {
        byte[] octets = point.getEncoded(false);
        var members = new LinkedHashMap<String, byte[]>();
        members.put("x", Arrays.copyOfRange(octets, 1, 1 + curve.bytes()));
        members.put("y", Arrays.copyOfRange(octets, 1 + curve.bytes(), octets.length));
        return new PublicKeyForm(new KeySpec.Ec(curve), KeyIdentifier.of(curve), octets, members);
    }

    /** @param key 32 bytes (RFC 8032 §5.1.2) */
    static PublicKeyForm ofEd25519(byte[] key) throws KeyRefusedException {
        if (key.length != Ed25519.PUBLIC_KEY_SIZE || !Ed25519.validatePublicKeyFull(key, 0)) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the public key is not a point of Ed25519");
        }
        return new PublicKeyForm(new KeySpec.Okp(), KeyIdentifier.ED25519, key, Map.of("x", key.clone()));
    }

    static PublicKeyForm ofMlDsa(MlDsa parameters, byte[] key) throws KeyRefusedException {
        if (key.length != parameters.publicKey()) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the public key does not have its algorithm's length");
        }
        return new PublicKeyForm(
                new KeySpec.Akp(parameters), KeyIdentifier.of(parameters), key, Map.of("pub", key.clone()));
    }

    /**
     * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) in DER and checks the key: sizes that are offered, a point that is
     * on its curve. An attacker may control every byte.
     *
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} or {@link Refusal#UNSUPPORTED_KEY}
     */
    public static PublicKeyForm ofSpki(byte[] der) throws KeyRefusedException {
        if (der.length > MAX_SPKI) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "a public key has at most " + MAX_SPKI + " bytes");
        }
        var outer = Der.of(der);
        var info = outer.read(Der.SEQUENCE);
        outer.end();
        var identifier = KeyIdentifier.of(info.element());
        byte[] key = info.bits();
        info.end();
        return switch (identifier) {
            case RSA -> ofRsaDer(key);
            case P256, P256K, P384, P521 -> {
                var curve = identifier.curve();
                yield ofEc(curve, EcNumbers.point(curve, key));
            }
            case ED25519 -> ofEd25519(key);
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> ofMlDsa(identifier.mlDsa(), key);
        };
    }

    /** @param der RSAPublicKey (RFC 8017 §A.1.1) */
    private static PublicKeyForm ofRsaDer(byte[] der) throws KeyRefusedException {
        var outer = Der.of(der);
        var key = outer.read(Der.SEQUENCE);
        outer.end();
        var form = ofRsa(key.integer(), key.integer());
        key.end();
        return form;
    }

    public KeySpec spec() {
        return spec;
    }

    /** SubjectPublicKeyInfo in DER; a copy. */
    public byte[] spki() {
        return spki.clone();
    }

    /** A binary member of the JWK that a key of this type has; a copy. */
    byte[] member(String name) {
        byte[] member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("a key of type " + spec.kty() + " has no member " + name);
        }
        return member.clone();
    }

    /** SubjectPublicKeyInfo in PEM (RFC 7468 §13), lines of 64 characters, with a line feed at the end. */
    public String pem() {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(spki);
        return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
    }

    /**
     * The public members of the JWK, {@code kty} first, in the order in which Key Vault writes them; binary ones in
     * base64url without padding: {@code kty, n, e} or {@code kty, crv, x, y} or {@code kty, crv, x} or {@code kty, alg,
     * pub}. {@code crv} is Key Vault's name.
     */
    public Map<String, String> jwk() {
        var jwk = new LinkedHashMap<String, String>();
        jwk.put("kty", spec.kty());
        switch (spec) {
            case KeySpec.Ec(EcCurve curve) -> jwk.put("crv", curve.jose());
            case KeySpec.Okp _ -> jwk.put("crv", KeySpec.Okp.CRV);
            case KeySpec.Akp(MlDsa parameters) -> jwk.put("alg", parameters.jose());
            case KeySpec.Rsa _, KeySpec.Oct _ -> {}
        }
        members.forEach((name, value) -> jwk.put(name, base64Url(value)));
        return jwk;
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The SHA-256 thumbprint (RFC 7638), base64url without padding; over the registered name of the curve. */
    public String thumbprint() {
        var required = new TreeMap<>(jwk());
        if (spec instanceof KeySpec.Ec(EcCurve curve)) {
            required.put("crv", curve.registered());
        }
        // Neither names nor values have characters that JSON escapes.
        String json = required.entrySet().stream()
                .map(one -> "\"" + one.getKey() + "\":\"" + one.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        return base64Url(Hash.SHA256.digest().digest(json.getBytes(US_ASCII)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKeyForm that && Arrays.equals(spki, that.spki);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(spki);
    }

    @Override
    public String toString() {
        return "PublicKeyForm[" + spec.text() + ", " + thumbprint() + "]";
    }
}
