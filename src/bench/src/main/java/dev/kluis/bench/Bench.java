package dev.kluis.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kluis.testkit.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Measures Kluis on the one-node cluster of this machine, with everything of the cluster on the same cores. */
public final class Bench {

    private static final int SECRETS = 1000;
    private static final int ROUNDS = 50;
    private static final int STARTS = 5;
    private static final int MOUNTERS = 8;
    private static final int WARM_MOUNTS = 5000;
    private static final Path PODS = Path.of("/var/lib/kluis-cluster/kubelet/pods");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(1500);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("bench");
    private final List<Result> results = new ArrayList<>();

    private Bench() {}

    /** @param args the checkout */
    public static void main(String[] args) throws Exception {
        var bench = new Bench();
        try {
            bench.run();
        } finally {
            bench.cluster.client().namespaces().withName(bench.ns).delete();
        }
        bench.write(Path.of(args[0]));
    }

    private void run() throws Exception {
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
        IntStream.range(0, SECRETS).forEach(i -> cluster.generated(ns, ns, "s" + i));
        long started = System.nanoTime();
        cluster.startOperator();
        double serving = millisSince(started);
        until(Duration.ofMillis(500), () -> ready() == SECRETS);
        double all = millisSince(started);
        add(Result.once("reconcile of 1,000 VaultSecrets from cold", "s", (all - serving) / 1000));
        add(Result.once("scale to 1 until all 1,000 are Ready", "s", all / 1000));
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

    private void memory() throws IOException {
        cluster.stopOperator();
        cluster.startOperator();
        add(Result.once("operator RSS, 1,000 objects, after a start", "MiB", rss("quarkus-run.jar")));
        add(Result.once("provider RSS, a few mounts", "MiB", rss("kluis-csi-provider.jar")));
    }

    private static double rss(String jar) throws IOException {
        var status = Path.of("/proc", String.valueOf(process(jar).pid()), "status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static ProcessHandle process(String jar) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("/kluis/" + jar))
                .findFirst()
                .orElseThrow();
    }

    /** From the process to the port that nodes use, with 1,000 objects to read. */
    private void starts() throws IOException {
        var times = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            cluster.stopOperator();
            cluster.startOperator();
            var began = process("quarkus-run.jar").info().startInstant().orElseThrow();
            var ready = cluster.operatorPods().getFirst().getStatus().getConditions().stream()
                    .filter(condition -> condition.getType().equals("Ready"))
                    .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                    .findFirst()
                    .orElseThrow();
            times.add(Duration.between(began, servingSince()).toMillis() / 1000.0);
            System.out.printf(
                    "  ready, by the kubelet: %d s%n",
                    Duration.between(began, ready).toSeconds());
        }
        add(Result.of("operator: process start to serving, 1,000 objects", "s", times));
    }

    /** The operator's own line in its log, to the millisecond. */
    private Instant servingSince() {
        return cluster.logs("kluis-operator")
                .lines()
                .filter(line -> line.contains("Kluis is serving"))
                .map(line -> java.time.OffsetDateTime.parse(line.substring(0, line.indexOf(' ')))
                        .toInstant())
                .findFirst()
                .orElseThrow();
    }

    private void mounts() throws Exception {
        cluster.providerClass(ns, "first", ns, "s0");
        cluster.pod(ns, "mounter", "api", "first");
        cluster.awaitRunning(ns, "mounter");
        Pod pod = cluster.client().pods().inNamespace(ns).withName("mounter").get();
        try (var provider = new Provider(cluster, pod, ns)) {
            add(parallel("mounts, cold: the node holds nothing", SECRETS, i -> provider.mount("s" + i)));
            add(parallel(
                    "mounts, warm: the operator says unchanged", WARM_MOUNTS, i -> provider.mount("s" + i % SECRETS)));
        }
        add(Result.once(
                "provider RSS, after " + (SECRETS + WARM_MOUNTS) + " mounts", "MiB", rss("kluis-csi-provider.jar")));
        add(Result.once("operator RSS, after " + (SECRETS + WARM_MOUNTS) + " mounts", "MiB", rss("quarkus-run.jar")));
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
        for (int i = 0; i < ROUNDS; i++) {
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
        add(Result.of("apply to file", "s", times));
    }

    private void rotationToFile() throws IOException {
        var times = new ArrayList<Double>();
        var file = file("mounter", "s0");
        for (int i = 0; i < ROUNDS; i++) {
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
        add(Result.of("rotation to file", "s", times));
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

    private void add(Result result) {
        results.add(result);
        System.out.println("  " + row(result));
    }

    private static String row(Result result) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %s | %d |",
                result.name(),
                result.value(),
                result.p50(),
                result.p99(),
                result.unit(),
                result.n());
    }

    private void write(Path root) throws IOException {
        var json = root.resolve("target/bench/results.json");
        Files.createDirectories(json.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), results);
        var page = new StringBuilder("""
                # Benchmarks

                Written by `make bench` on %s, on a machine with %d cores (%s). Everything runs on them: the cluster, Kluis and
                what measures it.

                | what | value | p50 | p99 | unit | n |
                |---|---:|---:|---:|---|---:|
                """.formatted(
                        LocalDate.now(ZoneOffset.UTC), Runtime.getRuntime().availableProcessors(), cpu()));
        results.forEach(result -> page.append(row(result)).append('\n'));
        page.append("""

                Budgets: operator 192 MiB, provider 80 MiB, start to serving 2 s, apply to file 2 s and the start of the image,
                rotation to file 1.5 s.
                """);
        Files.writeString(root.resolve("docs/reference/benchmarks.md"), page);
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
    }
}
