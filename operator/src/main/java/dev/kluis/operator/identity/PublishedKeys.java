package dev.kluis.operator.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The issuer of a cluster's ServiceAccount tokens and the public keys that sign them, as its API server publishes them
 * (OpenID Connect Discovery 1.0 §3, RFC 7517 §5).
 *
 * @param issuer that new tokens name; during a change of it there are tokens of the one before
 */
record PublishedKeys(String issuer, List<Key> keys) {

    /** An API server has a few; each may have to be tried. */
    private static final int MOST = 32;
    /** Those that API servers sign by; the algorithm is the key's and not the token's to choose. */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    /** @param algorithms that the key is for, no more than one */
    record Key(Optional<String> id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {}

    PublishedKeys {
        keys = List.copyOf(keys);
    }

    /** @throws ParseException for what is no discovery document, or no set of keys */
    static PublishedKeys parse(String discovery, String jwks) throws ParseException {
        String issuer = JSONObjectUtils.getString(JSONObjectUtils.parse(discovery), "issuer");
        if (issuer == null || issuer.isEmpty()) {
            throw new ParseException("the cluster names no issuer", 0);
        }
        var keys = JWKSet.parse(jwks).getKeys().stream()
                .limit(MOST)
                .flatMap(key -> key(key).stream())
                .toList();
        if (keys.isEmpty()) {
            throw new ParseException("the cluster publishes no key that could sign a token", 0);
        }
        return new PublishedKeys(issuer, keys);
    }

    /** Nothing for a key of another kind. */
    private static Optional<Key> key(JWK key) {
        try {
            return switch (key) {
                case RSAKey rsa -> Optional.of(of(key, new RSASSAVerifier(rsa.toPublicJWK())));
                case ECKey ec -> Optional.of(of(key, new ECDSAVerifier(ec.toPublicJWK())));
                default -> Optional.empty();
            };
        } catch (JOSEException e) {
            return Optional.empty();
        }
    }

    private static Key of(JWK key, JWSVerifier verifier) {
        var algorithms = new HashSet<>(ALGORITHMS);
        algorithms.retainAll(verifier.supportedJWSAlgorithms());
        if (key.getAlgorithm() != null) {
            algorithms.removeIf(one -> !one.equals(key.getAlgorithm()));
        }
        return new Key(Optional.ofNullable(key.getKeyID()), Set.copyOf(algorithms), verifier);
    }

    /** Whether one of these keys could have signed a token. */
    boolean has(SignedJWT token) {
        return keys.stream().anyMatch(key -> couldHaveSigned(key, token));
    }

    /** Whether one of these keys signed a token. */
    boolean signed(SignedJWT token) {
        return keys.stream().anyMatch(key -> couldHaveSigned(key, token) && verifies(key, token));
    }

    /** A token that names no key may be of any. */
    private static boolean couldHaveSigned(Key key, SignedJWT token) {
        var named = Optional.ofNullable(token.getHeader().getKeyID());
        return key.algorithms().contains(token.getHeader().getAlgorithm())
                && (named.isEmpty() || named.equals(key.id()));
    }

    private static boolean verifies(Key key, SignedJWT token) {
        try {
            return token.verify(key.verifier());
        } catch (JOSEException | IllegalStateException e) {
            return false;
        }
    }
}
