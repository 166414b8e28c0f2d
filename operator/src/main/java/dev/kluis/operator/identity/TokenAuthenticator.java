package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.crypto.Sha256;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import dev.kluis.vault.Caller;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Proves whose a token is, by TokenReview for our audience: a ServiceAccount's, bound to a pod or not, or a user's whom
 * the API server's own authenticators (OpenID Connect, webhook) know, with the groups that they say. A proof is
 * remembered for at most a minute and never past the token's expiry.
 */
public final class TokenAuthenticator implements Authentication {

    /** Of tokens that are meant for Kluis. */
    public static final String AUDIENCE = "kluis";

    private static final int TOKEN_LIMIT = 16 * 1024;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int REMEMBERED_PROOFS = 10_000;
    /** Whoever reaches the port can have tokens reviewed; the API server shall not suffer from it. */
    private static final int REVIEWS_AT_ONCE = 16;

    private static final int NAME_LIMIT = 1024;
    private static final String ACCOUNT_CLAIM = "kubernetes.io";
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Before names that Kluis gives, which no authenticator of the cluster may claim. */
    private static final List<String> RESERVED = List.of("kluis:", "resource:");

    private record Proof(Caller caller, Instant expires, Instant until) {}

    /**
     * A token's bearer.
     *
     * @param audience for which the API server took the token
     * @param expires when the token does
     * @param until when the API server has to be asked again: what is made of this is not remembered any longer
     */
    public record Proven(Caller caller, String audience, Instant expires, Instant until) {}

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Semaphore reviews = new Semaphore(REVIEWS_AT_ONCE);
    private final Cache<String, Proof> proofs = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_PROOFS)
            .expireAfterWrite(REMEMBERED)
            .build();

    public TokenAuthenticator(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Caller authenticate(String token) {
        return prove(token, List.of(AUDIENCE)).caller();
    }

    /**
     * Whose a token is that is for one of these audiences.
     *
     * @throws AuthenticationException when it proves nothing
     */
    public Proven prove(String token, List<String> audiences) {
        if (token.length() > TOKEN_LIMIT) {
            throw refused("the token is longer than " + TOKEN_LIMIT + " bytes");
        }
        String hash = Sha256.hex(token.getBytes(UTF_8));
        for (String audience : audiences) {
            var proof = proofs.getIfPresent(hash + audience);
            if (proof != null && clock.instant().isBefore(proof.until())) {
                return new Proven(proof.caller(), audience, proof.expires(), proof.until());
            }
        }
        var claimed = requireCurrent(token, audiences, clock.instant());
        var proof = review(token, claimed);
        proofs.put(hash + claimed.audience(), proof);
        return new Proven(proof.caller(), claimed.audience(), proof.expires(), proof.until());
    }

    private Proof review(String token, Claimed claimed) {
        if (!reviews.tryAcquire()) {
            throw new AuthenticationException(Kind.BUSY, "too many tokens are being reviewed; trying again helps");
        }
        try {
            var review = client.resource(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .withAudiences(claimed.audience())
                            .endSpec()
                            .build())
                    .create();
            var status = review.getStatus();
            if (status == null
                    || !Boolean.TRUE.equals(status.getAuthenticated())
                    || !status.getAudiences().contains(claimed.audience())) {
                throw refused("the cluster does not accept the token for the audience '" + claimed.audience()
                        + "': it is not one of its" + " own, or its ServiceAccount or pod is gone");
            }
            var remembered = clock.instant().plus(REMEMBERED);
            var expires = claimed.expires();
            return new Proof(caller(status.getUser()), expires, expires.isBefore(remembered) ? expires : remembered);
        } catch (KubernetesClientException e) {
            throw new AuthenticationException(Kind.UNAVAILABLE, "the API server does not review tokens now");
        } finally {
            reviews.release();
        }
    }

    /** Not verified: only for refusals that cost nothing and say what is wrong. */
    private static JsonNode claims(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length == 3) {
                return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            }
        } catch (IOException | IllegalArgumentException e) {
            // Said below; the cause would quote the token.
        }
        throw refused("this is not a ServiceAccount token, nor another JSON web token");
    }

    /** What a token says of itself. */
    record Claimed(String audience, Instant expires) {}

    /** What audience another issuer's token has is for the API server to judge. */
    static Claimed requireCurrent(String token, List<String> audiences, Instant now) {
        var claims = claims(token);
        String audience = audiences.getFirst();
        if (claims.has(ACCOUNT_CLAIM)) {
            var said = claims.path("aud");
            audience = audiences.stream()
                    .filter(one -> said.isTextual()
                            ? said.asText().equals(one)
                            : said.valueStream().anyMatch(item -> item.asText().equals(one)))
                    .findFirst()
                    .orElseThrow(() -> refused(
                            "the token is for another audience than '" + String.join("' and '", audiences) + "'"));
        }
        // Any number may stand there, also one that is no time.
        long seconds = Math.clamp(claims.path("exp").asLong(), 0, Instant.MAX.getEpochSecond());
        var expires = Instant.ofEpochSecond(seconds);
        if (!now.isBefore(expires)) {
            throw refused("the token has expired");
        }
        return new Claimed(audience, expires);
    }

    private static Caller caller(UserInfo user) {
        String name = user.getUsername();
        if (name == null || name.isEmpty() || name.length() > NAME_LIMIT || name.equals("system:anonymous")) {
            throw refused("the token has no user's name, or one longer than " + NAME_LIMIT + " characters");
        }
        if (RESERVED.stream().anyMatch(name::startsWith)) {
            throw refused("the token's user has a name that is reserved for Kluis itself");
        }
        if (!name.startsWith(ACCOUNT)) {
            return new Caller.User(name, user.getGroups());
        }
        String[] parts = name.substring(ACCOUNT.length()).split(":", -1);
        if (parts.length != 2 || user.getUid() == null) {
            throw refused("the token is not a ServiceAccount's");
        }
        return new Caller.ServiceAccount(parts[0], parts[1], user.getUid(), boundPod(user));
    }

    private static Optional<Caller.BoundPod> boundPod(UserInfo user) {
        return extra(user, "pod-name")
                .flatMap(name -> extra(user, "pod-uid")
                        .map(uid -> new Caller.BoundPod(
                                name, uid, extra(user, "node-name").orElse(""))));
    }

    private static Optional<String> extra(UserInfo user, String name) {
        return Optional.ofNullable(user.getExtra().get(EXTRA + name))
                .filter(values -> values.size() == 1)
                .map(List::getFirst);
    }

    private static AuthenticationException refused(String why) {
        return new AuthenticationException(Kind.REFUSED, why);
    }
}
