package dev.kluis.operator.node;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells pods that mount an object that there is a new version: any change of a pod has its kubelet publish the volumes
 * again, and a change of one annotation through {@code pods/status} is the smallest. See DESIGN.md.
 */
public final class Push implements AutoCloseable {

    /** The annotation that is changed; its value is the version. */
    public static final String ANNOTATION = "kluis.dev/refresh";

    private static final Logger LOG = LoggerFactory.getLogger(Push.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 14;

    private static final int TOO_MANY_REQUESTS = 429;
    /** Thousands of pods that share one secret are told over some seconds. */
    private static final int PODS_PER_SECOND = 200;

    private record Target(PodIdentity pod, ObjectId object) {}

    private final Vault vault;
    private final Mounts mounts;
    private final KubernetesClient client;
    /** The change that each target is being told of; a newer one takes the place of the one before. */
    private final Map<Target, Long> pending = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(
            4, Thread.ofPlatform().name("push-", 0).daemon().factory());

    public Push(Vault vault, Mounts mounts, KubernetesClient client) {
        this.vault = vault;
        this.mounts = mounts;
        this.client = client;
    }

    /** An object changed. */
    public void changed(ObjectId id) {
        long change = changes.incrementAndGet();
        int position = 0;
        for (var pod : mounts.of(id)) {
            var target = new Target(pod, id);
            pending.put(target, change);
            schedule(target, change, 0, Duration.ofMillis(1000L * position++ / PODS_PER_SECOND));
        }
    }

    /** Repeats until the pod's Fetch has the version, since the driver skips what comes too soon after another. */
    private void tell(Target target, long change, int attempt) {
        if (!Long.valueOf(change).equals(pending.get(target))) {
            return;
        }
        var version = vault.summary(target.object()).flatMap(Vault.Summary::currentVersion);
        boolean done = version.isEmpty()
                || mounts.version(target.pod(), target.object())
                        .filter(has -> !has.equals(version.get()))
                        .isEmpty();
        if (done || attempt >= ATTEMPTS || !patch(target.pod(), version.get() + "-" + attempt)) {
            pending.remove(target, change);
            if (attempt >= ATTEMPTS) {
                LOG.warn(
                        "Pod {}/{} did not take a new version",
                        target.pod().namespace(),
                        target.pod().name());
            }
            return;
        }
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 8));
        schedule(target, change, attempt + 1, pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    private void schedule(Target target, long change, int attempt, Duration after) {
        try {
            var _ = threads.schedule(() -> tell(target, change, attempt), after.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            pending.remove(target, change); // closed
        }
    }

    /** @return whether there is a reason to go on with this pod */
    private boolean patch(PodIdentity pod, String value) {
        // Names and versions hold no character that JSON escapes.
        String patch = "{\"metadata\":{\"uid\":\"" + pod.uid() + "\",\"annotations\":{\"" + ANNOTATION + "\":\"" + value
                + "\"}}}";
        try {
            // With an item, or the client would read the pod first, which Kluis may not.
            client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withNamespace(pod.namespace())
                            .withName(pod.name())
                            .endMetadata()
                            .build())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return true;
        } catch (KubernetesClientException e) {
            boolean another =
                    e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT;
            if (another) {
                mounts.gone(pod);
            }
            boolean passing = e.getCode() >= 500 || e.getCode() <= 0 || e.getCode() == TOO_MANY_REQUESTS;
            if (!another && !passing) {
                LOG.warn(
                        "Pod {}/{} cannot be told of new versions: the API server answers {}",
                        pod.namespace(),
                        pod.name(),
                        e.getCode());
            }
            return passing;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
