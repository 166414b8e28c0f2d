package dev.kluis.operator.wiring;

import dev.kluis.operator.BackupSettings;
import dev.kluis.operator.Kluis;
import dev.kluis.operator.Phase;
import dev.kluis.operator.audit.Audit;
import dev.kluis.vault.Vault;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditRecord;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Starts and stops the operator, tells whether it can serve, and counts what it does. */
@ApplicationScoped
class Application {

    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final KluisConfig config;
    private final KubernetesClient client;
    private final MeterRegistry meters;
    private @Nullable Audit audit;
    private @Nullable Kluis kluis;

    Application(KluisConfig config, KubernetesClient client, MeterRegistry meters) {
        this.config = config;
        this.client = client;
        this.meters = meters;
    }

    void start(@Observes StartupEvent event) {
        var log = new Audit(AuditSettings.of(config), client, InstantSource.system(), new SecureRandom(), this::count);
        audit = log;
        log.outlets().forEach(this::count);
        var started = new Kluis(settings(), client, log, InstantSource.system(), System::nanoTime);
        kluis = started;
        backupMeters(started);
        tidyOnceSettled(started);
        meters.gauge("kluis.ready", started, one -> one.ready() ? 1 : 0);
        meters.gauge("kluis.sealed", started, one -> one.phase() == Phase.SEALED ? 1 : 0);
        meters.gauge(
                "kluis.root.rotation.remaining",
                started,
                one -> one.rootRotation()
                        .map(progress -> (double) (progress.total() - progress.done()))
                        .orElse(0.0));
        meters.gauge(
                "kluis.quarantined.objects",
                started,
                one -> one.vault()
                        .map(vault -> (double) vault.quarantined().count())
                        .orElse(0.0));
        meters.gauge(
                "kluis.objects",
                started,
                one -> one.vault()
                        .map(Vault::summaries)
                        .map(List::size)
                        .map(Integer::doubleValue)
                        .orElse(0.0));
    }

    /** What the start leaves behind is much of the heap, and most of what runs here runs small ever after. */
    private static void tidyOnceSettled(Kluis started) {
        Thread.ofVirtual().name("tidy").start(() -> {
            try {
                while (!started.ready()) {
                    Thread.sleep(SETTLED);
                }
                Thread.sleep(SETTLED);
                System.gc();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Over all vaults: names would be labels without end. */
    private void backupMeters(Kluis started) {
        meters.gauge(
                "kluis.backup.last.success",
                started,
                one -> one.backups()
                        .map(backups -> backups.oldestSuccess().toMillis() / 1000.0)
                        .orElse(0.0));
        meters.gauge(
                "kluis.backup.failing",
                started,
                one -> one.backups().map(backups -> (double) backups.failing()).orElse(0.0));
    }

    void stop(@Observes ShutdownEvent event) {
        if (kluis != null) {
            kluis.close();
        }
        if (audit != null) {
            audit.close();
        }
    }

    /** By operation and result only: names of objects would be labels without end. */
    private void count(AuditRecord record) {
        meters.timer(
                        "kluis.operations",
                        "operation",
                        record.operation(),
                        "result",
                        record.result().type())
                .record(record.duration().isNegative() ? Duration.ZERO : record.duration());
    }

    private void count(AuditOutlet outlet) {
        var sink = Tags.of("sink", outlet.name());
        meters.gauge("kluis.audit.queue", sink, outlet, AuditOutlet::queued);
        meters.more().counter("kluis.audit.records", sink.and("result", "written"), outlet, AuditOutlet::written);
        meters.more().counter("kluis.audit.records", sink.and("result", "dropped"), outlet, AuditOutlet::dropped);
        meters.more().counter("kluis.audit.failures", sink, outlet, AuditOutlet::failures);
    }

    boolean ready() {
        return kluis != null && kluis.ready();
    }

    Optional<String> whySealed() {
        return kluis == null ? Optional.empty() : kluis.whySealed();
    }

    boolean failed() {
        return kluis != null && kluis.phase() == Phase.FAILED;
    }

    private Kluis.Settings settings() {
        String service = config.node().service();
        String inNamespace = service + "." + config.namespace() + ".svc";
        return new Kluis.Settings(
                config.namespace(),
                config.node().port(),
                List.of(inNamespace, inNamespace + ".cluster.local"),
                ApiConfig.of(config),
                config.leaderElection().enabled()
                        ? Optional.of(config.leaderElection().identity().orElseGet(Application::hostName))
                        : Optional.empty(),
                SealConfig.of(config.seal()),
                new BackupSettings(
                        config.backup().folders(),
                        config.backup().allowHttp(),
                        config.backup().restoreLimit()));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("give KLUIS_LEADER_ELECTION_IDENTITY: this host has no name", e);
        }
    }

    /** Ready is: can serve. */
    @Readiness
    @ApplicationScoped
    static class Serving implements HealthCheck {

        private final Application application;

        Serving(Application application) {
            this.application = application;
        }

        @Override
        public HealthCheckResponse call() {
            var response = HealthCheckResponse.named("serving").status(application.ready());
            application.whySealed().ifPresent(why -> response.withData("sealed", why));
            return response.build();
        }
    }

    /** Alive is: no restart would help. */
    @Liveness
    @ApplicationScoped
    static class Alive implements HealthCheck {

        private final Application application;

        Alive(Application application) {
            this.application = application;
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.named("started")
                    .status(!application.failed())
                    .build();
        }
    }
}
