package dev.kluis.bench;

import dev.kluis.testkit.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Measures how the operator starts, and how much memory it takes, with more and more objects in its store. */
final class ScaleBench implements Topic {

    private static final List<Integer> OBJECTS = List.of(1_000, 10_000, 50_000);
    private static final Clients CLIENTS = new Clients(32);
    private static final int STARTS = 3;
    private static final int API_PORT = 8444;
    private static final int PROGRESS = 5_000;
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final Report report;
    private final Cluster cluster = Cluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String ns = cluster.newNamespace("bench-scale");

    ScaleBench(Report report) {
        this.report = report;
    }

    @Override
    public void measure() throws Exception {
        cluster.vault(ns, ns, "{}");
        cluster.serviceAccount(ns, "officer");
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: officer}
                spec:
                  vaultRef: {name: %s}
                  role: Secrets Officer
                  subjects: [{kind: ServiceAccount, name: officer}]
                """.formatted(ns));
        cluster.awaitReady("AccessAssignment", ns, "officer");
        try {
            int there = 0;
            for (int objects : OBJECTS) {
                int wanted = report.effort().of(objects);
                fill(there, wanted);
                there = wanted;
                starts(String.format(Locale.ROOT, "%,d objects", objects));
            }
        } finally {
            forget();
        }
    }

    private void fill(int from, int to) throws Exception {
        try (var forward = client.pods()
                        .inNamespace(Cluster.SYSTEM)
                        .withName(
                                cluster.operatorPods().getFirst().getMetadata().getName())
                        .portForward(API_PORT, InetAddress.getLoopbackAddress(), 0);
                var officer = new Officer(
                        "https://localhost:" + forward.getLocalPort(),
                        authority(),
                        ns,
                        ns,
                        Officer.token(client, ns, "officer"))) {
            for (int begin = from; begin < to; begin += PROGRESS) {
                int first = begin;
                int count = Math.min(PROGRESS, to - first);
                var round = CLIENTS.round(count, number -> officer.set("s" + (first + number)));
                report.progress(String.format(
                        Locale.ROOT, "%,d objects, the last by %.0f a second", first + count, round.rate()));
            }
        }
    }

    private String authority() {
        return client.configMaps()
                .inNamespace(Cluster.SYSTEM)
                .withName("kluis-node-ca")
                .get()
                .getData()
                .getOrDefault("ca.crt", "");
    }

    private void starts(String with) {
        var seconds = new ArrayList<Double>();
        var resident = new ArrayList<Double>();
        var peaks = new ArrayList<Double>();
        for (int i = 0; i < report.effort().rounds(STARTS); i++) {
            seconds.add(new Restart(cluster).secondsToServing());
            settle();
            resident.add(LinuxProcess.operator().rss());
            peaks.add(LinuxProcess.operator().largestRss());
        }
        report.add(Result.of("operator: process start to serving, " + with, "s", seconds));
        report.add(Result.of("operator RSS, " + with, "MiB", resident));
        report.add(Result.of("operator RSS at its peak, " + with, "MiB", peaks));
    }

    private void settle() {
        long end = System.nanoTime() + SETTLED.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /**
     * Takes all of it out of the store behind the operator's back, which is stopped meanwhile: to delete and purge so much
     * takes longer than to set it, and leaves a trace of each.
     */
    private void forget() throws InterruptedException {
        cluster.stopOperator();
        report.progress("taking the objects out of the store");
        new StoredRecords(client, Cluster.SYSTEM)
                .delete(record -> (record.getSpec().object + "/").startsWith(ns + "/" + ns + "/"));
        client.configMaps()
                .inNamespace(Cluster.SYSTEM)
                .withName("kluis-checkpoints")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"%s.%s\":null}}".formatted(ns, ns));
        client.namespaces().withName(ns).delete();
        cluster.startOperator();
    }
}
