package dev.kluis.operator;

import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.KluisStatus;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.audit.Audit;
import dev.kluis.operator.host.HostServices;
import dev.kluis.operator.identity.AuthorityPublication;
import dev.kluis.operator.token.ExternalClients;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditRecord;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** An operator on a real API server, in general that of this JVM, with a clock that tests move forward. */
public final class TestOperator {

    /** To which the Services of the vaults' hosts point. */
    public static final String API_HOST = "kluis-operator-api.kluis-system.svc.cluster.local";

    /** Programs outside the cluster, and where their secrets are. */
    public static final List<String> EXTERNAL_CLIENTS =
            List.of("ci=clients/clients/ci-secret", "cd=clients/clients/cd-secret");

    static {
        // The framework's timers of an operator that a test stopped may fire once more, and find their executor gone.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    private static final String NAMESPACE = "kluis-system";
    /** How many bytes a file has at most that is restored. */
    public static final long RESTORE_LIMIT = 48L << 20;

    private final ApiServer server;
    /** As impatient as the one that the framework makes for it. */
    private final KubernetesClient impatient;

    private final SealSettings seal;
    private final List<AuditRecord> audit = new CopyOnWriteArrayList<>();
    private volatile Duration ahead = Duration.ZERO;
    private final Path backupFolders = temporaryFolder();
    private volatile Kluis kluis;
    private volatile Audit log;

    private TestOperator(ApiServer server, SealSettings seal) {
        this.server = server;
        this.impatient = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(server.config())
                        .withRequestRetryBackoffLimit(1)
                        .withRequestRetryBackoffInterval(100)
                        .build())
                .build();
        this.seal = seal;
        for (String namespace : List.of(NAMESPACE, HostServices.NAMESPACE, "clients")) {
            client().resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
        showLog();
        start();
    }

    /** Another operator in another cluster; it is not waited for. */
    public static TestOperator in(ApiServer server, SealSettings seal) {
        return new TestOperator(server, seal);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("kluis-backups");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Quarkus keeps the log back until an application of its own starts, and here none does. */
    private static void showLog() {
        var console = new ConsoleHandler(new PatternFormatter("%d{HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n"));
        console.setLevel(Level.INFO);
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {console});
    }

    private static final class Shared {
        static final TestOperator OPERATOR =
                new TestOperator(ApiServer.shared(), SealSettings.of(SealSettings.Kind.KUBERNETES));

        static {
            OPERATOR.awaitReady();
        }
    }

    /** The operator of this JVM, serving. */
    public static TestOperator shared() {
        return Shared.OPERATOR;
    }

    public KubernetesClient client() {
        return server.client();
    }

    public String namespace() {
        return NAMESPACE;
    }

    public List<AuditRecord> audit() {
        return audit;
    }

    public Kluis kluis() {
        return kluis;
    }

    /** The operator's clock. */
    public InstantSource clock() {
        return () -> Instant.now().plus(ahead);
    }

    public void start() {
        kluis = start(NAMESPACE, seal);
    }

    /** Starts an operator whose store is in another namespace; this one is to be stopped before. */
    public Kluis start(String namespace, SealSettings seal) {
        log = new Audit(
                new Audit.Settings(
                        namespace,
                        1000,
                        Duration.ofSeconds(10),
                        10_000,
                        Optional.of(new Audit.To<>(
                                OutputStream.nullOutputStream(),
                                new AuditOutlet.Settings(
                                        "stdout",
                                        AuditOutlet.Policy.BLOCK,
                                        4096,
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(1)))),
                        Optional.empty(),
                        Optional.empty()),
                impatient,
                clock(),
                new SecureRandom(),
                audit::add);
        return new Kluis(
                new Kluis.Settings(
                        namespace,
                        0,
                        List.of("localhost"),
                        new ApiSettings(
                                0,
                                List.of("localhost", "127.0.0.1", "*.vault.svc.cluster.local"),
                                Optional.of(API_HOST),
                                new AuthorityPublication.Settings(List.of(HostServices.NAMESPACE, "default"), true),
                                new ApiSettings.Tokens(
                                        List.of("vault.svc.cluster.local"),
                                        "adfs",
                                        List.of("kluis", "api://AzureADTokenExchange"),
                                        EXTERNAL_CLIENTS.stream()
                                                .map(ExternalClients.Client::parse)
                                                .toList())),
                        Optional.empty(),
                        seal,
                        backupSettings()),
                impatient,
                log,
                clock(),
                () -> System.nanoTime() + ahead.toNanos());
    }

    private BackupSettings backupSettings() {
        return new BackupSettings(backupFolders, true, RESTORE_LIMIT);
    }

    /** Where folders for backups are, each under its name. */
    public Path backupFolders() {
        return backupFolders;
    }

    public void stop() {
        kluis.close();
        log.close();
    }

    public void restart() {
        stop();
        start();
        awaitReady();
    }

    public void awaitReady() {
        await().atMost(Duration.ofSeconds(30)).until(() -> kluis.ready());
    }

    /** Lets the operator believe that it is later, while something is done. */
    public void later(Duration by, Runnable work) {
        ahead = by;
        try {
            work.run();
        } finally {
            ahead = Duration.ZERO;
        }
    }

    /** Applies YAML of one resource by server-side apply, as GitOps tools do; {@code NS} stands for the namespace. */
    public <R extends HasMetadata> R apply(Class<R> type, String namespace, String yaml) {
        return applyAsIs(type, namespace, yaml.replace("NS", namespace));
    }

    /** As {@link #apply}, with nothing in the text replaced: a sealed text may hold any letters. */
    public <R extends HasMetadata> R applyAsIs(Class<R> type, String namespace, String yaml) {
        R resource = client().getKubernetesSerialization().unmarshal(yaml, type);
        resource.getMetadata().setNamespace(namespace);
        return client().resource(resource)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build());
    }

    public Vault vault(String namespace, String name) {
        return apply(Vault.class, namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec: {}
                """.formatted(name));
    }

    public VaultSecret secret(String namespace, String name, String spec) {
        return apply(VaultSecret.class, namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: %s}
                spec:
                %s
                """.formatted(name, spec.indent(2)));
    }

    /** Gives a ServiceAccount of the vault's namespace a role on all of the vault, and waits until it has it. */
    public void grant(String namespace, String vault, String account, String role) {
        awaitReady(assignment(
                namespace,
                account,
                "vaultRef: {name: " + vault + "}\nrole: " + role + "\nsubjects: [{kind: ServiceAccount, name: "
                        + account + "}]"));
    }

    public AccessAssignment assignment(String namespace, String name, String spec) {
        return apply(AccessAssignment.class, namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: %s}
                spec:
                %s
                """.formatted(name, spec.indent(2)));
    }

    /** Waits until the current generation of a resource stands as wanted, and gives it. */
    public <R extends CustomResource<?, ? extends KluisStatus>> R awaitStatus(R resource, Predicate<R> wanted) {
        return await("status of " + resource.getMetadata().getName())
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> client().resource(resource).get(),
                        now -> now != null
                                && now.getStatus() != null
                                && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration)
                                && wanted.test(now));
    }

    public <R extends CustomResource<?, ? extends KluisStatus>> R awaitReason(R resource, String reason) {
        return awaitStatus(resource, now -> reason.equals(reason(now)));
    }

    public <R extends CustomResource<?, ? extends KluisStatus>> R awaitReady(R resource) {
        return awaitReason(resource, "Available");
    }

    public static String reason(CustomResource<?, ? extends KluisStatus> resource) {
        return resource.getStatus().conditions.getFirst().getReason();
    }

    public static String message(CustomResource<?, ? extends KluisStatus> resource) {
        return resource.getStatus().conditions.getFirst().getMessage();
    }

    /** A condition's status, such as {@code True}. */
    public static String condition(CustomResource<?, ? extends KluisStatus> resource, String type) {
        return resource.getStatus().conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus())
                .findFirst()
                .orElse("absent");
    }

    public void annotate(HasMetadata resource, String key, String value) {
        client().resource(resource)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"" + key + "\":\"" + value + "\"}}}");
    }

    public void delete(HasMetadata resource) {
        client().resource(resource).delete();
    }
}
