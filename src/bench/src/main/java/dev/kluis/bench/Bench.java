package dev.kluis.bench;

import dev.kluis.bench.Report.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Measures Kluis by topics: the engine in this process, its store in a cluster, and the whole in its cluster. */
public final class Bench {

    private static final String LITTLE = "little";

    private record Part(Section section, Function<Report, Topic> topic) {}

    private static final List<Part> PARTS = List.of(
            new Part(new Section("engine", "The engine by itself", """
                    On the store in memory, without a cluster: what the engine itself costs. Every operation is authorised and
                    audited, in a chain with signed checkpoints whose lines go nowhere; values have 100 bytes. p50 and p99 of a
                    rate are of what one client waits. Targets: 20,000 writes a second, and a decision that costs the same
                    with 100 and with 10,000 assignments.
                    """), EngineBench::new),
            new Part(new Section("api", "The API over HTTPS", """
                    The operator as its image has it, with the image's runtime and options, on one processor; 32 connections of
                    one ServiceAccount on the other: TLS 1.3, kept alive, an access token in every request, every answer looked
                    at. Audited to files, forced to the disk; 1,000 secrets and more of 100 bytes. GET counts when it was asked
                    240,000 times, and all else after it: by then what is asked often is compiled. Beside it the same mathematics without a
                    server, in a loop on the same processor by the providers that Kluis uses, and by
                    `openssl speed`; and, for SET, a bare client of the same API server, which with etcd may use both
                    processors. Targets: GET 15,000/s, P-256 sign 10,000/s, RSA-2048 sign 80 % of the bare loop, SET 60 % of
                    the bare client; the p99 of a modest client at most doubles beside a greedy one.
                    """), ApiBench::new),
            new Part(new Section("command", "The command", """
                    Processes of kluis from their start to their end, one after the other, as a shell starts them. What a command
                    asks of the cluster or of Kluis comes on top. Target: under 0.5 s.
                    """), CommandBench::new),
            new Part(new Section("store", "Durable writes", """
                    New secrets through the engine on the store in a cluster, with its watch and its checkpoints, and in turns
                    with that a bare client that posts resources of the same kind and size. Target: at least 60 % of its rate.
                    Processor time is that of the API server, of etcd and of the client's process, for 1,000 writes.
                    """), StoreBench::new),
            new Part(new Section("mounts", "The whole", """
                    The operator and the provider in the cluster, with 1,000 VaultSecrets. Budgets: operator 192 MiB, provider
                    80 MiB, start to serving 2 s, apply to file 2 s and the start of the image, rotation to file 1.5 s.
                    """), MountsBench::new),
            new Part(new Section("scale", "Many objects", """
                    The operator in the cluster with more and more objects in one vault, set through the API over HTTPS. Target:
                    at most 512 MiB resident with 50,000 objects. Memory is measured when the operator has been serving for 30 s
                    after a start; the peak is the most since that start.
                    """), ScaleBench::new));

    private Bench() {}

    /** @param args the checkout, then the topics by spaces; none is all. {@value #LITTLE} only shows that they run. */
    public static void main(String[] args) {
        try {
            measure(args);
            // What topics leave running in this process, servers of tests among them, is not waited for.
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void measure(String[] args) throws Exception {
        var wanted = new TreeSet<>(Set.of(args[1].strip().split("\\s+")));
        var effort = wanted.remove(LITTLE) ? Effort.LITTLE : Effort.FULL;
        wanted.remove("all");
        var parts = new LinkedHashMap<String, Part>();
        PARTS.forEach(part -> parts.put(part.section().topic(), part));
        requireKnown(wanted, parts);
        var report = new Report(
                Path.of(args[0]), effort, PARTS.stream().map(Part::section).toList());
        for (var part : parts.entrySet()) {
            if (wanted.isEmpty() || wanted.contains(part.getKey())) {
                report.begin(part.getKey());
                try {
                    part.getValue().topic().apply(report).measure();
                } finally {
                    report.write(); // what was measured before something failed, too
                }
            }
        }
    }

    private static void requireKnown(Set<String> wanted, Map<String, Part> parts) {
        if (!parts.keySet().containsAll(wanted)) {
            throw new IllegalArgumentException("topics are " + parts.keySet() + ", and not all of " + wanted);
        }
    }
}
