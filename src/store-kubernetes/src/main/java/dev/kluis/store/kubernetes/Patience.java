package dev.kluis.store.kubernetes;

import dev.kluis.vault.store.StoreUnavailableException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the API server again when it is too busy or between two states: after a pause that doubles, with full jitter, so that
 * a storm does not come back as one, and never before it said. What cannot be done in some seconds is told as unavailable.
 */
final class Patience {

    private static final int ATTEMPTS = 6;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private Patience() {}

    /**
     * @throws KubernetesClientException for a conflict, or where something is not there
     * @throws StoreUnavailableException for all else: done or not done
     */
    static <R> R asking(Supplier<R> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    throw e;
                }
                if (attempt == ATTEMPTS || !passing(e)) {
                    throw new StoreUnavailableException("the API server did not do it: HTTP status " + e.getCode(), e);
                }
                pause(attempt, e);
            }
        }
    }

    /** Refused for now, failed, or not answered (0). */
    private static boolean passing(KubernetesClientException e) {
        return e.getCode() == TOO_MANY_REQUESTS || e.getCode() >= SERVER_ERRORS || e.getCode() == 0;
    }

    private static void pause(int attempt, KubernetesClientException e) {
        long limit = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << attempt);
        long said = Math.min(
                LONGEST_PAUSE_MILLIS,
                Optional.ofNullable(e.getStatus())
                                .map(Status::getDetails)
                                .map(StatusDetails::getRetryAfterSeconds)
                                .orElse(0)
                        * 1000L);
        try {
            TimeUnit.MILLISECONDS.sleep(said + ThreadLocalRandom.current().nextLong(limit));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("stopped while waiting for the API server", interrupted);
        }
    }
}
