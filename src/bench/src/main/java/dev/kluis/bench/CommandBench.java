package dev.kluis.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures how long the command takes that {@code deploy/cli} laid out, where it asks nobody. */
final class CommandBench implements Topic {

    private static final int RUNS = 20;

    private final Report report;
    private final Path kluis;

    CommandBench(Report report) {
        this.report = report;
        this.kluis = report.root().resolve("target/kluis/kluis");
    }

    @Override
    public void measure() throws IOException, InterruptedException {
        if (!Files.isExecutable(kluis) || !Files.isRegularFile(kluis.resolveSibling("kluis.aot"))) {
            throw new IllegalStateException("there is no " + kluis + " with its archive of classes: run deploy/cli");
        }
        measure("kluis: start to help", "--help");
        measure("`kluis version`", "version");
    }

    private void measure(String name, String... arguments) throws IOException, InterruptedException {
        run(arguments); // the first reads its files from the disk
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < report.effort().of(RUNS); i++) {
            seconds.add(run(arguments));
        }
        report.add(Result.of(name, "s", seconds));
    }

    private double run(String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<String>();
        line.add(kluis.toString());
        line.addAll(List.of(arguments));
        long started = System.nanoTime();
        int exit = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        double seconds = (System.nanoTime() - started) / 1e9;
        if (exit != 0) {
            throw new IllegalStateException(line + " ended with " + exit);
        }
        return seconds;
    }
}
