package dev.kluis.bench;

import dev.kluis.crds.store.Content;
import dev.kluis.store.kubernetes.KubernetesAnchor;
import dev.kluis.store.kubernetes.KubernetesStore;
import dev.kluis.testkit.Cluster;
import dev.kluis.vault.store.StoreUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures durable writes through the engine, in turns with a bare client of the same API server. */
final class StoreBench implements Topic {

    private static final int ROUNDS = 3;
    private static final int CHECKPOINT_SECONDS = 5;

    /** Rounds of one kind, and the processor time that each took. */
    private static final class Side {
        final List<Clients.Round> rounds = new ArrayList<>();
        final List<Double> apiServer = new ArrayList<>();
        final List<Double> etcd = new ArrayList<>();
        final List<Double> client = new ArrayList<>();

        void measure(Clients clients, int writes, Clients.Work work) throws InterruptedException {
            double apiServerBefore = LinuxProcess.apiServer().cpuSeconds();
            double etcdBefore = LinuxProcess.etcd().cpuSeconds();
            double clientBefore = LinuxProcess.self().cpuSeconds();
            rounds.add(clients.round(writes, work));
            double thousands = writes / 1000.0;
            apiServer.add((LinuxProcess.apiServer().cpuSeconds() - apiServerBefore) / thousands);
            etcd.add((LinuxProcess.etcd().cpuSeconds() - etcdBefore) / thousands);
            client.add((LinuxProcess.self().cpuSeconds() - clientBefore) / thousands);
        }
    }

    private final Report report;
    private final Cluster cluster = Cluster.shared();
    private final KubernetesClient client = cluster.client();
    private final AtomicInteger names = new AtomicInteger();

    StoreBench(Report report) {
        this.report = report;
    }

    @Override
    public void measure() throws Exception {
        String ours = cluster.newNamespace("bench-store");
        String bare = cluster.newNamespace("bench-bare");
        try (var engine = BenchEngine.on(new KubernetesStore(client, ours), new KubernetesAnchor(client, ours));
                var checkpoints = Executors.newSingleThreadScheduledExecutor()) {
            var _ = checkpoints.scheduleWithFixedDelay(
                    () -> checkpoint(engine), CHECKPOINT_SECONDS, CHECKPOINT_SECONDS, TimeUnit.SECONDS);
            engine.set(names.incrementAndGet());
            var sizes = BareClient.Sizes.ofSecretIn(client, ours);
            report.progress("a record has " + sizes.header() + " and " + sizes.sealed() + " bytes");
            var other = new BareClient(client, bare, sizes);
            compare(new Clients(1), report.effort().of(500), engine, other);
            compare(new Clients(32), report.effort().of(3000), engine, other);
        } finally {
            empty(ours);
            empty(bare);
        }
    }

    private void checkpoint(BenchEngine engine) {
        try {
            engine.vault().checkpoint();
        } catch (StoreUnavailableException e) {
            report.progress("a checkpoint waits: " + e.getMessage());
        }
    }

    private void compare(Clients clients, int writes, BenchEngine engine, BareClient other)
            throws InterruptedException {
        var bare = new Side();
        var kluis = new Side();
        // The first rounds are for the compiler, here and in the API server.
        clients.round(writes, number -> other.post());
        clients.round(writes, number -> engine.set(names.incrementAndGet()));
        for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
            bare.measure(clients, writes, number -> other.post());
            kluis.measure(clients, writes, number -> engine.set(names.incrementAndGet()));
        }
        add("bare client", clients, bare);
        add("new secrets", clients, kluis);
        double share = Result.rate("", kluis.rounds).value()
                / Result.rate("", bare.rounds).value();
        report.add(Result.once("new secrets beside the bare client, " + clients, "%", share * 100));
    }

    private void add(String who, Clients clients, Side side) {
        String name = who + ", " + clients;
        report.add(Result.rate(name, side.rounds));
        report.add(Result.of(name + ": API server for 1,000", "CPU s", side.apiServer));
        report.add(Result.of(name + ": etcd for 1,000", "CPU s", side.etcd));
        report.add(Result.of(name + ": its own process for 1,000", "CPU s", side.client));
    }

    /** Here, so that the topics after this one are not measured beside a namespace controller at work. */
    private void empty(String namespace) throws InterruptedException {
        new StoredRecords(client, namespace).delete(record -> true);
        client.resources(Content.class).inNamespace(namespace).delete();
        cluster.deleteNamespace(namespace);
    }
}
