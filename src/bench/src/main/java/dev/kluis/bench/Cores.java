package dev.kluis.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Who runs on which processor, by taskset(1): what is measured has one for itself, and what loads it the other. */
final class Cores {

    static final String SERVER = "0";
    static final String LOAD = "1";
    static final String BOTH = "0,1";

    private Cores() {}

    /** From now on all threads of a process run there. */
    static void pin(ProcessHandle process, String cores) throws IOException, InterruptedException {
        var done = new ProcessBuilder(List.of("taskset", "--all-tasks", "-cp", cores, String.valueOf(process.pid())))
                .redirectErrorStream(true)
                .start();
        String said = new String(done.getInputStream().readAllBytes(), UTF_8);
        if (done.waitFor() != 0) {
            throw new IllegalStateException("taskset: " + said);
        }
    }
}
