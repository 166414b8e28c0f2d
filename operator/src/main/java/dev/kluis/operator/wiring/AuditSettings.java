package dev.kluis.operator.wiring;

import dev.kluis.operator.audit.Audit;
import dev.kluis.operator.audit.Audit.To;
import dev.kluis.operator.audit.HttpAudit;
import dev.kluis.vault.audit.AuditFile;
import dev.kluis.vault.audit.AuditOutlet;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** What the configuration says of the audit. */
final class AuditSettings {

    /** Less than the time in which the application has to stop. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private AuditSettings() {}

    static Audit.Settings of(KluisConfig config) {
        var audit = config.audit();
        return new Audit.Settings(
                config.namespace(),
                audit.checkpoint().lines(),
                audit.checkpoint().every(),
                audit.ring(),
                stdout(audit.stdout()),
                file(audit.file()),
                http(audit.http(), config.namespace()));
    }

    /** Standard output is the audit's alone; the log goes to standard error. */
    private static Optional<To<OutputStream>> stdout(KluisConfig.Audit.Stdout stdout) {
        return stdout.enabled()
                ? Optional.of(new To<OutputStream>(
                        new FileOutputStream(FileDescriptor.out),
                        queue("stdout", stdout.policy(), stdout.queue(), stdout.patience())))
                : Optional.empty();
    }

    private static Optional<To<AuditFile.Settings>> file(KluisConfig.Audit.File file) {
        return file.enabled()
                ? Optional.of(new To<>(
                        new AuditFile.Settings(
                                file.folder(), file.maxBytes(), file.maxAge(), file.keep(), file.fsync()),
                        queue("file", file.policy(), file.queue(), file.patience())))
                : Optional.empty();
    }

    private static Optional<To<HttpAudit.Settings>> http(KluisConfig.Audit.Http http, String namespace) {
        return http.url()
                .map(url -> new To<>(
                        new HttpAudit.Settings(
                                url, http.tokenFile(), http.caFile(), http.timeout(), "/kluis/" + namespace),
                        queue("http", http.policy(), http.queue(), http.patience())));
    }

    private static AuditOutlet.Settings queue(String name, AuditOutlet.Policy policy, int capacity, Duration patience) {
        return new AuditOutlet.Settings(name, policy, capacity, patience, FAREWELL);
    }
}
