package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.crypto.Sha256;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import dev.kluis.operator.identity.TokenReviews.Sort;
import dev.kluis.vault.Caller;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Proves whose a token is: a ServiceAccount's, bound to a pod or not, or a user's whom the API server's own authenticators
 * (OpenID Connect, webhook) know, with the groups that they say. First by what costs nothing, audience and expiry; then by
 * the signature, where the token says that the cluster issued it; then by TokenReview. A proof is remembered for at most a
 * minute and never past the token's expiry.
 */
public final class TokenAuthenticator implements Authentication {

    /** Of tokens that are meant for Kluis. */
    public static final String AUDIENCE = "kluis";

    private static final int TOKEN_LIMIT = 16 * 1024;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int REMEMBERED_PROOFS = 10_000;
    private static final int NAME_LIMIT = 1024;
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final String ACCOUNT = "system:serviceaccount:";

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

    private final ClusterKeys keys;
    private final TokenReviews reviews;
    private final InstantSource clock;
    private final Cache<String, Proof> proofs = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_PROOFS)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /** The reviews that others wait for. */
    private final Map<String, CompletableFuture<Proof>> underWay = new ConcurrentHashMap<>();

    /** @param nanoTime a monotonic clock in nanoseconds */
    public TokenAuthenticator(KubernetesClient client, InstantSource clock, LongSupplier nanoTime) {
        this.keys = new ClusterKeys(client, nanoTime);
        this.reviews = new TokenReviews(client);
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
        var claimed = ClaimedToken.current(token, audiences, clock.instant());
        var proof = reviewOnce(hash + claimed.audience(), token, claimed);
        return new Proven(proof.caller(), claimed.audience(), proof.expires(), proof.until());
    }

    /** A program whose proof has just been forgotten brings its token with many requests in the same moment. */
    private Proof reviewOnce(String key, String token, ClaimedToken claimed) {
        var own = new CompletableFuture<Proof>();
        var another = underWay.putIfAbsent(key, own);
        if (another != null) {
            return await(another);
        }
        try {
            var proof = review(token, claimed);
            proofs.put(key, proof);
            own.complete(proof);
            return proof;
        } catch (RuntimeException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key);
        }
    }

    private static Proof await(CompletableFuture<Proof> review) {
        try {
            return review.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof AuthenticationException refused ? refused : e;
        }
    }

    private Proof review(String token, ClaimedToken claimed) {
        var user = reviews.review(token, claimed.audience(), sort(token, claimed));
        var remembered = clock.instant().plus(REMEMBERED);
        var expires = claimed.expires();
        return new Proof(caller(user), expires, expires.isBefore(remembered) ? expires : remembered);
    }

    /** What the cluster did not sign and says it did is refused here, at the cost of a signature's look. */
    private Sort sort(String token, ClaimedToken claimed) {
        return switch (keys.signer(token, claimed.issuer())) {
            case CLUSTER -> Sort.OF_CLUSTER;
            case ANOTHER -> Sort.OF_ANOTHER;
            case UNKNOWN -> claimed.account() ? Sort.DOUBTFUL : Sort.OF_ANOTHER;
            case FORGER -> throw refused("the cluster, which the token names as its issuer, did not sign it");
        };
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
