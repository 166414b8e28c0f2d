package dev.kluis.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster, as kubectl has it. */
final class Kubeconfig {

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Which kubeconfig; default as kubectl has it.")
    private @Nullable Path file;

    @Option(names = "--context", paramLabel = "NAME", description = "Which context of the kubeconfig.")
    private @Nullable String context;

    private @Nullable Cluster cluster;

    /** The cluster, asked only when it is needed. */
    Cluster cluster() {
        var known = cluster;
        if (known == null) {
            known = new Cluster(file, context);
            cluster = known;
        }
        return known;
    }
}
