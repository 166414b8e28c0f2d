package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes a key of the members of a JWK (RFC 7518 §6, RFC 8037 §2). An attacker may control every byte of them. */
final class JwkImport {

    private JwkImport() {}

    static KeyMaterial of(JwkMembers jwk, SecureRandom random) throws KeyRefusedException {
        return switch (jwk.kty()) {
            case "RSA" -> rsa(jwk, random);
            case "EC" -> ec(jwk);
            case "OKP" -> okp(jwk);
            case "oct" -> StoredKey.ofOct(required(jwk, "k").clone());
            case "AKP" -> akp(jwk);
            default -> throw unsupported("a key is of type RSA, EC, OKP, oct or AKP");
        };
    }

    private static KeyMaterial rsa(JwkMembers jwk, SecureRandom random) throws KeyRefusedException {
        var numbers = RsaNumbers.of(
                number(jwk, "n"),
                number(jwk, "e"),
                number(jwk, "d"),
                optional(jwk, "p"),
                optional(jwk, "q"),
                optional(jwk, "dp"),
                optional(jwk, "dq"),
                optional(jwk, "qi"),
                random);
        numbers.requirePrimes();
        return StoredKey.of(numbers);
    }

    private static KeyMaterial ec(JwkMembers jwk) throws KeyRefusedException {
        var curve = jwk.parameter()
                .flatMap(EcCurve::of)
                .orElseThrow(() -> unsupported("an EC key is of the curve P-256, P-256K, P-384 or P-521"));
        var numbers = EcNumbers.of(curve, number(jwk, "d"));
        if (jwk.get("x") != null || jwk.get("y") != null) {
            numbers.requirePoint(EcNumbers.point(curve, number(jwk, "x"), number(jwk, "y")));
        }
        return StoredKey.of(numbers);
    }

    private static KeyMaterial okp(JwkMembers jwk) throws KeyRefusedException {
        if (jwk.parameter().filter(KeySpec.Okp.CRV::equals).isEmpty()) {
            throw unsupported("an OKP key is of the curve " + KeySpec.Okp.CRV);
        }
        return matching(StoredKey.ofEd25519(required(jwk, "d").clone()), "x", jwk.get("x"));
    }

    private static KeyMaterial akp(JwkMembers jwk) throws KeyRefusedException {
        var parameters = jwk.parameter()
                .flatMap(MlDsa::of)
                .orElseThrow(() -> unsupported("an AKP key is for ML-DSA-44, ML-DSA-65 or ML-DSA-87"));
        return matching(StoredKey.ofMlDsa(parameters, required(jwk, "priv").clone()), "pub", jwk.get("pub"));
    }

    private static KeyMaterial matching(KeyMaterial key, String name, byte @Nullable [] given)
            throws KeyRefusedException {
        if (given != null && !Arrays.equals(given, key.publicKey().orElseThrow().member(name))) {
            key.close();
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the public key does not belong to the private one");
        }
        return key;
    }

    private static byte[] required(JwkMembers jwk, String name) throws KeyRefusedException {
        byte[] member = jwk.get(name);
        if (member == null) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the key has no member " + name);
        }
        return member;
    }

    private static BigInteger number(JwkMembers jwk, String name) throws KeyRefusedException {
        return Numbers.number(required(jwk, name));
    }

    private static @Nullable BigInteger optional(JwkMembers jwk, String name) {
        byte[] member = jwk.get(name);
        return member == null ? null : Numbers.number(member);
    }

    private static KeyRefusedException unsupported(String what) {
        return new KeyRefusedException(Refusal.UNSUPPORTED_KEY, what);
    }
}
