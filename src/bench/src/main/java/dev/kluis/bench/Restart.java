package dev.kluis.bench;

import dev.kluis.testkit.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Starts the operator anew. */
record Restart(Cluster cluster) {

    /** From the start of the process to the port that nodes use. */
    double secondsToServing() {
        cluster.stopOperator();
        cluster.startOperator();
        return Duration.between(LinuxProcess.operator().started(), servingSince())
                        .toMillis()
                / 1000.0;
    }

    /** The operator's own line in its log, to the millisecond. */
    private Instant servingSince() {
        return cluster.logs("kluis-operator")
                .lines()
                .filter(line -> line.contains("Kluis is serving"))
                .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' ')))
                        .toInstant())
                .findFirst()
                .orElseThrow();
    }
}
