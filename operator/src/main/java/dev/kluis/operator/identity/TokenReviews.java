package dev.kluis.operator.identity;

import dev.kluis.operator.identity.AuthenticationException.Kind;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Has the API server review tokens. Whoever reaches a port can have tokens reviewed, and neither shall the API server
 * suffer from it, nor those whose tokens the cluster signed: so many of each sort at once, and no sort takes another's
 * places.
 */
final class TokenReviews {

    /** What is known of a token before. */
    enum Sort {
        /** The cluster signed it. */
        OF_CLUSTER(16),
        /** It says that another issuer made it: a user's, or anything at all. */
        OF_ANOTHER(8),
        /** It says that the cluster made it, and its keys cannot be read. */
        DOUBTFUL(4);

        private final int atOnce;

        Sort(int atOnce) {
            this.atOnce = atOnce;
        }
    }

    private final KubernetesClient client;
    private final Map<Sort, Semaphore> places = new EnumMap<>(Sort.class);

    TokenReviews(KubernetesClient client) {
        this.client = client;
        for (var sort : Sort.values()) {
            places.put(sort, new Semaphore(sort.atOnce));
        }
    }

    /**
     * Whose a token is.
     *
     * @throws AuthenticationException when the API server does not accept it for this audience, or cannot be asked now
     */
    UserInfo review(String token, String audience, Sort sort) {
        var place = places.get(sort);
        if (place == null || !place.tryAcquire()) {
            throw new AuthenticationException(Kind.BUSY, "too many tokens are being reviewed; trying again helps");
        }
        try {
            var review = client.resource(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .withAudiences(audience)
                            .endSpec()
                            .build())
                    .create();
            var status = review.getStatus();
            if (status == null
                    || !Boolean.TRUE.equals(status.getAuthenticated())
                    || !status.getAudiences().contains(audience)) {
                throw new AuthenticationException(
                        Kind.REFUSED,
                        "the cluster does not accept the token for the audience '" + audience
                                + "': it is not one of its own, or its ServiceAccount or pod is gone");
            }
            return status.getUser();
        } catch (KubernetesClientException e) {
            throw new AuthenticationException(Kind.UNAVAILABLE, "the API server does not review tokens now");
        } finally {
            place.release();
        }
    }
}
