package dev.kluis.operator.token;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import dev.kluis.operator.identity.CompactToken;
import dev.kluis.vault.Caller;
import dev.kluis.vault.seal.Seal;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kluis's own access tokens: JSON web tokens (RFC 7519, typed as RFC 9068 §2.1 does), signed, for at most an hour. What a
 * token was given for goes along in it, encrypted, so that it can be looked at again whenever the token is used and nothing
 * has to be kept: a token is worth no more than that, at any time.
 */
public final class AccessTokens {

    /** Of a token's life. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    /** Of clocks of other replicas. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private static final String PROOF = "proof";
    private static final String PROOF_AUDIENCE = "proof_aud";
    private static final String CLIENT = "client";
    private static final String CLIENT_VERSION = "client_version";

    private final String issuer;
    private final Set<String> audiences;
    private final String tenant;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private volatile List<TokenKey> keys = List.of();

    /**
     * @param issuer in every token
     * @param audiences for which tokens are given, and no others
     */
    public AccessTokens(String issuer, Set<String> audiences, String tenant, InstantSource clock, Supplier<UUID> ids) {
        this.issuer = issuer;
        this.audiences = Set.copyOf(audiences);
        this.tenant = tenant;
        this.clock = clock;
        this.ids = ids;
    }

    /** Takes the keys from the roots that are here now. */
    public void unsealed(Seal seal) {
        keys = TokenKey.of(seal);
    }

    boolean ready() {
        return !keys.isEmpty();
    }

    boolean isFor(String audience) {
        return audiences.contains(audience);
    }

    /** A token and how long it lives. */
    record Issued(String token, Duration life) {
        /** Not the token. */
        @Override
        public String toString() {
            return "Issued[" + life + "]";
        }
    }

    /**
     * Makes a token for whom the evidence proves.
     *
     * @param clientId what the client calls itself: nothing rests on it
     * @param until when the evidence expires
     */
    Issued issue(Caller caller, Evidence evidence, String clientId, String audience, Instant until) {
        var key = keys.getLast();
        var now = clock.instant();
        var longest = now.plus(LONGEST);
        var expires = until.isBefore(longest) ? until : longest;
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject(caller.name())
                .claim("oid", caller instanceof Caller.ServiceAccount account ? account.uid() : caller.name())
                .claim("appid", clientId)
                .claim("tid", tenant)
                .claim("ver", "1.0")
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(expires))
                .jwtID(ids.get().toString());
        try {
            switch (evidence) {
                case Evidence.Assertion(String token, String proofAudience) ->
                    claims.claim(PROOF, seal(key, token)).claim(PROOF_AUDIENCE, proofAudience);
                case Evidence.ClientSecret(String client, String version) ->
                    claims.claim(CLIENT, client).claim(CLIENT_VERSION, version);
            }
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .type(TYPE)
                            .keyID(key.id())
                            .build(),
                    claims.build());
            token.sign(key.signer());
            return new Issued(token.serialize(), Duration.between(now, expires));
        } catch (JOSEException e) {
            throw new IllegalStateException("an access token could not be made", e);
        }
    }

    private static String seal(TokenKey key, String assertion) throws JOSEException {
        var sealed = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).build(), new Payload(assertion));
        sealed.encrypt(key.encrypter());
        return sealed.serialize();
    }

    /** Whether a token says that it is one of these: so far it only says so. */
    static boolean claimsToBeOne(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return false;
        }
        try {
            var header = JWSHeader.parse(new Base64URL(token.substring(0, dot)));
            return header.getKeyID() != null && header.getKeyID().startsWith(TokenKey.ID_PREFIX);
        } catch (ParseException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * What a token is worth.
     *
     * @param subject the caller's name, and his uid where he is a ServiceAccount
     */
    record Opened(String subject, String uid, Evidence evidence, Instant expires) {}

    /**
     * Opens a token that is signed by Kluis, for one of its audiences, and current.
     *
     * @throws AuthenticationException of kind {@link Kind#STALE}: another token helps
     */
    Opened open(String token) {
        try {
            var signed = CompactToken.parse(token).orElseThrow(() -> refused("this is not an access token of Kluis's"));
            var key = key(signed.getHeader()).orElseThrow(() -> refused("Kluis did not sign the access token"));
            if (!signed.verify(key.verifier())) {
                throw refused("Kluis did not sign the access token");
            }
            var claims = signed.getJWTClaimsSet();
            requireCurrent(claims);
            return new Opened(
                    there(claims.getSubject()),
                    there(claims.getStringClaim("oid")),
                    evidence(key, claims),
                    there(claims.getExpirationTime()).toInstant());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            // The cause would quote the token.
            throw refused("this is not an access token of Kluis's");
        }
    }

    /** The algorithm is ours and not the token's to choose; a header that asks for anything else is refused. */
    private Optional<TokenKey> key(JWSHeader header) {
        boolean plain = JWSAlgorithm.HS256.equals(header.getAlgorithm())
                && TYPE.equals(header.getType())
                && header.getCriticalParams() == null
                && header.isBase64URLEncodePayload();
        return keys.stream()
                .filter(one -> plain && one.id().equals(header.getKeyID()))
                .findFirst();
    }

    private static <T> T there(@Nullable T claim) throws ParseException {
        if (claim == null) {
            throw new ParseException("a claim is missing", 0);
        }
        return claim;
    }

    private void requireCurrent(JWTClaimsSet claims) throws ParseException {
        var now = clock.instant();
        boolean ours = issuer.equals(claims.getIssuer())
                && claims.getAudience().size() == 1
                && audiences.contains(claims.getAudience().getFirst());
        if (!ours) {
            throw refused("the access token is for another audience, or of another issuer");
        }
        if (!now.isBefore(there(claims.getExpirationTime()).toInstant())) {
            throw refused("the access token has expired");
        }
        if (now.plus(LEEWAY).isBefore(there(claims.getNotBeforeTime()).toInstant())) {
            throw refused("the access token is not valid yet");
        }
    }

    private static Evidence evidence(TokenKey key, JWTClaimsSet claims) throws ParseException, JOSEException {
        String proof = claims.getStringClaim(PROOF);
        if (proof == null) {
            return new Evidence.ClientSecret(claims.getStringClaim(CLIENT), claims.getStringClaim(CLIENT_VERSION));
        }
        var sealed = JWEObject.parse(proof);
        sealed.decrypt(key.decrypter());
        return new Evidence.Assertion(sealed.getPayload().toString(), there(claims.getStringClaim(PROOF_AUDIENCE)));
    }

    private static AuthenticationException refused(String why) {
        return new AuthenticationException(Kind.STALE, why);
    }
}
