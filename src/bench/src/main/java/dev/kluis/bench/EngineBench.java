package dev.kluis.bench;

import java.util.ArrayList;
import java.util.List;

/** Measures the engine on the store in memory: writes, reads, decisions, backup and restore, keys. */
final class EngineBench implements Topic {

    private static final int ROUNDS = 5;
    private static final int WARM_UPS = 3;
    private static final int READABLE = 10_000;
    private static final int WRITTEN_OVER = 5_000;
    private static final List<Clients> CLIENTS = List.of(new Clients(1), new Clients(32));

    private final Report report;
    private final int writes;
    private final int reads;

    EngineBench(Report report) {
        this.report = report;
        this.writes = report.effort().of(50_000);
        this.reads = report.effort().of(500_000);
    }

    @Override
    public void measure() throws Exception {
        // The first rounds are for the compiler.
        for (int i = 0; i < report.effort().rounds(WARM_UPS); i++) {
            writes(new Clients(1));
        }
        for (var clients : CLIENTS) {
            var rounds = new ArrayList<Clients.Round>();
            for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
                rounds.add(writes(clients));
            }
            report.add(Result.rate("new secrets on the memory store, " + clients, rounds));
        }
        for (var clients : CLIENTS) {
            var rounds = new ArrayList<Clients.Round>();
            for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
                rounds.add(versions(clients));
            }
            report.add(Result.rate("versions of 5,000 secrets on the memory store, " + clients, rounds));
        }
        reads();
        new AuthorizationBench(report).measure();
        new BackupBench(report).measure();
        new KeysBench(report).measure();
    }

    /** Into an empty engine each time. */
    private Clients.Round writes(Clients clients) throws InterruptedException {
        try (var engine = BenchEngine.inMemory()) {
            return clients.round(writes, engine::set);
        }
    }

    /** Each write goes over one whose line has to be in the audit by then. */
    private Clients.Round versions(Clients clients) throws InterruptedException {
        try (var engine = BenchEngine.inMemory()) {
            return clients.round(writes, number -> engine.set(number % WRITTEN_OVER));
        }
    }

    private void reads() throws InterruptedException {
        try (var engine = BenchEngine.inMemory()) {
            engine.fill(READABLE);
            new Clients(1).round(reads, number -> engine.get(number % READABLE));
            for (var clients : CLIENTS) {
                var rounds = new ArrayList<Clients.Round>();
                for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
                    rounds.add(clients.round(reads, number -> engine.get(number % READABLE)));
                }
                report.add(Result.rate("values read from memory, 10,000 secrets, " + clients, rounds));
            }
        }
    }
}
