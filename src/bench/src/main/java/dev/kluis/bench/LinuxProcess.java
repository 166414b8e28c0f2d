package dev.kluis.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process of this machine, as {@code /proc} shows it (proc(5)). */
record LinuxProcess(ProcessHandle handle) {

    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB_PER_MIB = 1024;
    /** In what follows the name of the program in {@code stat}. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    /** It is idle when so many looks, so far apart, found it no smaller. */
    private static final int QUIET_LOOKS = 8;

    private static final Duration QUIET_LOOK = Duration.ofSeconds(5);
    private static final double QUIET_MIB = 0.5;

    static LinuxProcess operator() {
        return running("/kluis/quarkus-run.jar");
    }

    static LinuxProcess provider() {
        return running("/kluis/kluis-csi-provider.jar");
    }

    static LinuxProcess apiServer() {
        return running("/kube-apiserver ");
    }

    static LinuxProcess etcd() {
        return running("/etcd ");
    }

    static LinuxProcess self() {
        return new LinuxProcess(ProcessHandle.current());
    }

    private static LinuxProcess running(String inCommandLine) {
        return among(ProcessHandle.allProcesses(), inCommandLine);
    }

    /** One that this process started, or one of those did. */
    static LinuxProcess child(String inCommandLine) {
        return among(ProcessHandle.current().descendants(), inCommandLine);
    }

    private static LinuxProcess among(Stream<ProcessHandle> processes, String inCommandLine) {
        return processes
                .filter(process -> process.info().commandLine().orElse("").contains(inCommandLine))
                .findFirst()
                .map(LinuxProcess::new)
                .orElseThrow(() -> new IllegalStateException("no process here runs " + inCommandLine));
    }

    Instant started() {
        return handle.info().startInstant().orElseThrow();
    }

    /** Resident memory in MiB. */
    double rss() {
        return status("VmRSS:");
    }

    /** Resident memory in MiB when it has done nothing for a while: the least of what it is until it stays. */
    double idleRss() {
        double least = rss();
        for (int same = 0; same < QUIET_LOOKS; same++) {
            LockSupport.parkNanos(QUIET_LOOK.toNanos());
            double now = rss();
            if (now < least - QUIET_MIB) {
                same = -1;
            }
            least = Math.min(least, now);
        }
        return least;
    }

    /** The most that was resident since the start, in MiB. */
    double largestRss() {
        return status("VmHWM:");
    }

    private double status(String field) {
        return read("status")
                .lines()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                .findFirst()
                .orElseThrow();
    }

    /** Seconds of processor time since the start, by the program and by the system for it. */
    double cpuSeconds() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(handle.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
