package dev.kluis.bench;

import dev.kluis.testkit.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Measures what pods see: 1,000 VaultSecrets, mounts, and how soon a value is in a file. */
final class MountsBench implements Topic {

    private static final int STARTS = 5;
    private static final int MOUNTERS = 8;
    private static final Path PODS = Path.of("/var/lib/kluis-cluster/kubelet/pods");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(1500);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("bench");
    private final Report report;
    private final int secrets;
    private final int warmMounts;
    private final int rounds;

    MountsBench(Report report) {
        this.report = report;
        this.secrets = report.effort().of(1000);
        this.warmMounts = report.effort().of(5000);
        this.rounds = report.effort().of(50);
    }

    @Override
    public void measure() throws Exception {
        try {
            all();
        } finally {
            cluster.client().namespaces().withName(ns).delete();
        }
    }

    private void all() throws Exception {
        cluster.vault(ns, ns, "{offline: PT1H}");
        cluster.serviceAccount(ns, "api");
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: api}
                spec:
                  vaultRef: {name: %s}
                  role: Secrets User
                  subjects: [{kind: ServiceAccount, name: api}]
                """.formatted(ns));
        reconcileFromCold();
        memory();
        starts();
        mounts();
        applyToFile();
        rotationToFile();
    }

    /** The resources are there before the operator is. */
    private void reconcileFromCold() {
        cluster.stopOperator();
        IntStream.range(0, secrets).forEach(i -> cluster.generated(ns, ns, "s" + i));
        long started = System.nanoTime();
        cluster.startOperator();
        double serving = millisSince(started);
        until(Duration.ofMillis(500), () -> ready() == secrets);
        double all = millisSince(started);
        report.add(Result.once("reconcile of 1,000 VaultSecrets from cold", "s", (all - serving) / 1000));
        report.add(Result.once("scale to 1 until all 1,000 are Ready", "s", all / 1000));
    }

    private long ready() {
        return cluster
                .client()
                .genericKubernetesResources("kluis.dev/v1alpha1", "VaultSecret")
                .inNamespace(ns)
                .list()
                .getItems()
                .stream()
                .filter(one -> String.valueOf(one.getAdditionalProperties().get("status"))
                        .contains("reason=Available"))
                .count();
    }

    private void memory() {
        cluster.stopOperator();
        cluster.startOperator();
        memory("operator", LinuxProcess.operator(), "with 1,000 objects, right after a start");
        memory("provider", LinuxProcess.provider(), "after a few mounts");
    }

    private void memory(String program, LinuxProcess process, String when) {
        report.add(Result.once(program + " RSS, " + when, "MiB", process.rss()));
        report.add(Result.once(program + " RSS, " + when + ", then idle", "MiB", process.idleRss()));
    }

    private void starts() {
        var times = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            times.add(new Restart(cluster).secondsToServing());
        }
        report.add(Result.of("operator: process start to serving, 1,000 objects", "s", times));
    }

    private void mounts() throws Exception {
        cluster.providerClass(ns, "first", ns, "s0");
        cluster.pod(ns, "mounter", "api", "first");
        cluster.awaitRunning(ns, "mounter");
        Pod pod = cluster.client().pods().inNamespace(ns).withName("mounter").get();
        try (var provider = new Provider(cluster, pod, ns)) {
            report.add(parallel("mounts, cold: the node holds nothing", secrets, i -> provider.mount("s" + i)));
            report.add(parallel(
                    "mounts, warm: the operator says unchanged", warmMounts, i -> provider.mount("s" + i % secrets)));
        }
        String when = "after " + (secrets + warmMounts) + " mounts";
        memory("provider", LinuxProcess.provider(), when);
        memory("operator", LinuxProcess.operator(), when);
    }

    private static Result parallel(String name, int count, IntToDoubleFunction work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(MOUNTERS)) {
            long started = System.nanoTime();
            var running = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit((Callable<Double>) () -> work.applyAsDouble(i)))
                    .toList();
            var millis = new ArrayList<Double>();
            for (var one : running) {
                millis.add(one.get());
            }
            return Result.rate(name + ", " + MOUNTERS + " at once", millisSince(started) / 1000, millis);
        }
    }

    /** All that a user applies for one more pod with one more secret, until the file is in the pod's volume. */
    private void applyToFile() {
        var times = new ArrayList<Double>();
        for (int i = 0; i < rounds; i++) {
            String name = "apply" + i;
            long started = System.nanoTime();
            cluster.generated(ns, ns, name);
            cluster.providerClass(ns, name, ns, name);
            cluster.pod(ns, name, "api", name);
            var file = file(name, name);
            until(SHORT, () -> Files.exists(file));
            times.add(millisSince(started) / 1000);
            cluster.client().pods().inNamespace(ns).withName(name).delete();
        }
        report.add(Result.of("apply to file", "s", times));
    }

    private void rotationToFile() throws IOException {
        var times = new ArrayList<Double>();
        var file = file("mounter", "s0");
        for (int i = 0; i < rounds; i++) {
            // The driver skips a volume that it wrote within its --rotation-poll-interval, one second here.
            java.util.concurrent.locks.LockSupport.parkNanos(PAUSE.toNanos());
            byte[] before = Files.readAllBytes(file);
            long started = System.nanoTime();
            cluster.annotate("VaultSecret", ns, "s0", "kluis.dev/rotate", String.valueOf(i + 1));
            until(SHORT, () -> {
                try {
                    return !Arrays.equals(before, Files.readAllBytes(file));
                } catch (IOException e) {
                    return false;
                }
            });
            times.add(millisSince(started) / 1000);
        }
        report.add(Result.of("rotation to file", "s", times));
    }

    private Path file(String pod, String name) {
        var uid = cluster.client()
                .pods()
                .inNamespace(ns)
                .withName(pod)
                .get()
                .getMetadata()
                .getUid();
        return PODS.resolve(uid + "/volumes/kubernetes.io~csi/secrets/mount/" + name);
    }

    private static void until(Duration pause, BooleanSupplier condition) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it did not happen within " + LIMIT);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(pause.toNanos());
        }
    }

    private static double millisSince(long started) {
        return (System.nanoTime() - started) / 1e6;
    }
}
