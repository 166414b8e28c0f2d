package dev.kluis.operator.node;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which pods mount which objects, as their Fetches told. The kubelet asks again every minute or two, so after a restart
 * this fills itself; a pod that was not heard of for {@link #FORGOTTEN} is gone. Only references to the current version
 * are kept, since others never change.
 */
public final class Mounts {

    static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final class Mounted {
        final PodIdentity pod;
        final Map<ObjectId, String> versions = new HashMap<>();
        Instant seen;

        Mounted(PodIdentity pod, Instant seen) {
            this.pod = pod;
            this.seen = seen;
        }
    }

    private final InstantSource clock;
    private final Map<String, Mounted> byUid = new HashMap<>();
    private final Map<ObjectId, Set<String>> byObject = new HashMap<>();
    private Instant swept = Instant.EPOCH;

    public Mounts(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A pod has these versions now.
     *
     * @return whether one of the vaults was not mounted by this pod before
     */
    public synchronized boolean seen(PodIdentity pod, Map<ObjectId, String> versions) {
        forgetOld();
        var mounted = byUid.computeIfAbsent(pod.uid(), uid -> new Mounted(pod, clock.instant()));
        mounted.seen = clock.instant();
        boolean fresh = false;
        for (var entry : versions.entrySet()) {
            fresh |= mounted.versions.put(entry.getKey(), entry.getValue()) == null;
            byObject.computeIfAbsent(entry.getKey(), id -> new HashSet<>()).add(pod.uid());
        }
        return fresh;
    }

    /** The pods that mount the current version of an object. */
    public synchronized List<PodIdentity> of(ObjectId id) {
        forgetOld();
        return byObject.getOrDefault(id, Set.of()).stream()
                .flatMap(uid -> Optional.ofNullable(byUid.get(uid)).stream())
                .map(mounted -> mounted.pod)
                .toList();
    }

    /** The version that a pod has, if it is still there. */
    public synchronized Optional<String> version(PodIdentity pod, ObjectId id) {
        return Optional.ofNullable(byUid.get(pod.uid())).map(mounted -> mounted.versions.get(id));
    }

    /** The pods that mount from a vault. */
    public synchronized List<PodIdentity> of(VaultId vault) {
        forgetOld();
        return byUid.values().stream()
                .filter(mounted -> mounted.versions.keySet().stream()
                        .anyMatch(id -> id.vault().equals(vault)))
                .map(mounted -> mounted.pod)
                .toList();
    }

    /** A pod is known to be gone. */
    public synchronized void gone(PodIdentity pod) {
        var mounted = byUid.remove(pod.uid());
        if (mounted != null) {
            mounted.versions
                    .keySet()
                    .forEach(id -> byObject.computeIfPresent(id, (key, uids) -> {
                        uids.remove(pod.uid());
                        return uids.isEmpty() ? null : uids;
                    }));
        }
    }

    private void forgetOld() {
        var now = clock.instant();
        if (now.isBefore(swept.plusSeconds(1))) {
            return;
        }
        swept = now;
        byUid.values().stream()
                .filter(mounted -> mounted.seen.plus(FORGOTTEN).isBefore(now))
                .map(mounted -> mounted.pod)
                .toList()
                .forEach(this::gone);
    }
}
