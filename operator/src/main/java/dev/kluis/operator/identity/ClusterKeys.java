package dev.kluis.operator.identity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who signed a token, before the API server is asked to review it, by the keys that the API server publishes. Those
 * are kept, and read again for a token of a key that is newer, and from time to time; not more often than every few
 * seconds, whatever tokens come.
 */
final class ClusterKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterKeys.class);

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String KEYS = "/openid/v1/jwks";
    private static final int LONGEST = 256 * 1024;

    /** Between two attempts to read them. */
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** After which they are read again anyway: the issuer may be another one. */
    private static final Duration AGED = Duration.ofMinutes(10);

    /** Who signed a token. */
    enum Signer {
        /** The cluster did. */
        CLUSTER,
        /** The token says that the cluster issued it, and it did not. */
        FORGER,
        /** The token says that another issued it; whether that is true, the API server knows. */
        ANOTHER,
        /** The cluster's keys cannot be read. */
        UNKNOWN
    }

    /**
     * What came of reading them last.
     *
     * @param keys of an earlier time, where it failed
     */
    private record Read(Optional<PublishedKeys> keys, long at, boolean failed) {}

    private final KubernetesClient client;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Optional<Read> last = Optional.empty();

    /** @param nanoTime a monotonic clock in nanoseconds */
    ClusterKeys(KubernetesClient client, LongSupplier nanoTime) {
        this.client = client;
        this.nanoTime = nanoTime;
    }

    /** @param issuer that the token names */
    Signer signer(String token, Optional<String> issuer) {
        var keys = known();
        if (keys.isEmpty()) {
            return Signer.UNKNOWN;
        }
        boolean ofCluster = issuer.filter(keys.get().issuer()::equals).isPresent();
        var signed = CompactToken.parse(token);
        if (signed.isPresent() && keys.get().signed(signed.get())) {
            return Signer.CLUSTER;
        }
        if (!ofCluster) {
            return Signer.ANOTHER;
        }
        boolean ofNewerKey = signed.isPresent()
                && !keys.get().has(signed.get())
                && readAgain().filter(newer -> newer.signed(signed.get())).isPresent();
        return ofNewerKey ? Signer.CLUSTER : Signer.FORGER;
    }

    /** Where there are some, nobody waits because they are old but who reads them again. */
    private Optional<PublishedKeys> known() {
        var before = last;
        var keys = before.flatMap(Read::keys);
        if (keys.isEmpty()) {
            return readAgain();
        }
        if (isPast(AGED, before) && reading.tryLock()) {
            try {
                return readUnlessReadSince(before);
            } finally {
                reading.unlock();
            }
        }
        return keys;
    }

    private Optional<PublishedKeys> readAgain() {
        var before = last;
        if (!isPast(PAUSE, before)) {
            return before.flatMap(Read::keys);
        }
        reading.lock();
        try {
            return readUnlessReadSince(before);
        } finally {
            reading.unlock();
        }
    }

    private boolean isPast(Duration pause, Optional<Read> read) {
        return read.isEmpty() || nanoTime.getAsLong() - read.get().at() >= pause.toNanos();
    }

    /** By whoever has the lock. */
    private Optional<PublishedKeys> readUnlessReadSince(Optional<Read> before) {
        if (last.equals(before)) {
            boolean failedBefore = before.filter(Read::failed).isPresent();
            var read = read(failedBefore);
            last = Optional.of(
                    new Read(read.or(() -> before.flatMap(Read::keys)), nanoTime.getAsLong(), read.isEmpty()));
        }
        return last.flatMap(Read::keys);
    }

    /** @param quietly since it was said already */
    private Optional<PublishedKeys> read(boolean quietly) {
        try {
            return Optional.of(PublishedKeys.parse(document(DISCOVERY), document(KEYS)));
        } catch (KubernetesClientException | ParseException e) {
            if (!quietly) {
                LOG.warn(
                        "The keys of ServiceAccount tokens cannot be read from {} and {}; without any, few tokens are taken at"
                                + " once: {}",
                        DISCOVERY,
                        KEYS,
                        e.getMessage());
            }
            return Optional.empty();
        }
    }

    private String document(String path) throws ParseException {
        String text = client.raw(path);
        if (text == null || text.length() > LONGEST) {
            throw new ParseException(path + " is not there, or too long", 0);
        }
        return text;
    }
}
