package dev.kluis.operator.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.vault.Caller;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Proves who a pod's token is, by TokenReview for our audience, and that the token is bound to the pod and node that the
 * kubelet named. A proof is remembered for at most a minute and never past the token's expiry.
 */
public final class TokenAuthenticator {

    /** Of tokens that are meant for Kluis. */
    public static final String AUDIENCE = "kluis";

    private static final int TOKEN_LIMIT = 16 * 1024;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int REMEMBERED_PROOFS = 10_000;
    /** Whoever reaches the port can have tokens reviewed; the API server shall not suffer from it. */
    private static final int REVIEWS_AT_ONCE = 16;

    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Proof(Caller.ServiceAccount caller, Instant until) {}

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

    /** @throws StatusRuntimeException UNAUTHENTICATED with what is wrong, UNAVAILABLE when nobody can tell */
    public Caller.ServiceAccount authenticate(String token, PodIdentity pod) {
        if (token.isEmpty()) {
            throw refused("there is no token of audience '" + AUDIENCE + "': the CSIDriver secrets-store.csi.k8s.io"
                    + " has to list it in spec.tokenRequests");
        }
        if (token.length() > TOKEN_LIMIT) {
            throw refused("the token is longer than " + TOKEN_LIMIT + " bytes");
        }
        String key = hash(token);
        var proof = proofs.getIfPresent(key);
        if (proof == null || !clock.instant().isBefore(proof.until())) {
            proof = review(token);
            proofs.put(key, proof);
        }
        requireBound(proof.caller(), pod);
        return proof.caller();
    }

    private Proof review(String token) {
        var claims = claims(token);
        requireCurrent(claims);
        if (!reviews.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too many tokens are being reviewed; trying again helps")
                    .asRuntimeException();
        }
        try {
            var review = client.resource(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .withAudiences(AUDIENCE)
                            .endSpec()
                            .build())
                    .create();
            var status = review.getStatus();
            if (status == null
                    || !Boolean.TRUE.equals(status.getAuthenticated())
                    || !status.getAudiences().contains(AUDIENCE)) {
                throw refused(
                        "the cluster does not accept the token: it is not one of its own, or its ServiceAccount or pod"
                                + " is gone");
            }
            var expires = Instant.ofEpochSecond(claims.path("exp").asLong());
            var remembered = clock.instant().plus(REMEMBERED);
            return new Proof(caller(status.getUser()), expires.isBefore(remembered) ? expires : remembered);
        } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
            throw Status.UNAVAILABLE
                    .withDescription("the API server does not review tokens now")
                    .asRuntimeException();
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
        throw refused("this is not a ServiceAccount token");
    }

    private void requireCurrent(JsonNode claims) {
        boolean ours = claims.path("aud").isTextual()
                ? claims.path("aud").asText().equals(AUDIENCE)
                : claims.path("aud").valueStream().anyMatch(one -> one.asText().equals(AUDIENCE));
        if (!ours) {
            throw refused("the token is for another audience than '" + AUDIENCE + "'");
        }
        if (!clock.instant().isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()))) {
            throw refused("the token has expired");
        }
    }

    private static Caller.ServiceAccount caller(UserInfo user) {
        String name = user.getUsername();
        String[] parts =
                name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", -1) : new String[0];
        if (parts.length != 2) {
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

    private static void requireBound(Caller.ServiceAccount caller, PodIdentity pod) {
        boolean bound = caller.namespace().equals(pod.namespace())
                && caller.account().equals(pod.serviceAccount())
                && caller.pod()
                        .filter(one -> one.name().equals(pod.name())
                                && one.uid().equals(pod.uid())
                                && one.node().equals(pod.node()))
                        .isPresent();
        if (!bound) {
            throw refused(
                    "the token is not bound to pod " + pod.namespace() + "/" + pod.name() + " on node " + pod.node());
        }
    }

    private static StatusRuntimeException refused(String why) {
        return Status.UNAUTHENTICATED.withDescription(why).asRuntimeException();
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not usable in this runtime", e);
        }
    }
}
