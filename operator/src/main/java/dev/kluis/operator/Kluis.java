package dev.kluis.operator;

import dev.kluis.operator.access.AccessReconciler;
import dev.kluis.operator.access.AssignmentFeed;
import dev.kluis.operator.access.RoleReconciler;
import dev.kluis.operator.backup.BackupRuns;
import dev.kluis.operator.backup.Backups;
import dev.kluis.operator.backup.Destinations;
import dev.kluis.operator.backup.EgressRules;
import dev.kluis.operator.backup.KeptBackups;
import dev.kluis.operator.backup.Restores;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.operator.key.KeyActions;
import dev.kluis.operator.key.KeyEventRecorder;
import dev.kluis.operator.key.KeyReconciler;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.SealedNotice;
import dev.kluis.operator.node.Mounts;
import dev.kluis.operator.node.NodeServer;
import dev.kluis.operator.node.NodeService;
import dev.kluis.operator.node.Push;
import dev.kluis.operator.rest.BackupRoutes;
import dev.kluis.operator.rest.RestServer;
import dev.kluis.operator.rest.Route;
import dev.kluis.operator.rest.VaultBackupRoutes;
import dev.kluis.operator.root.AuditedRoots;
import dev.kluis.operator.root.OfficersSeal;
import dev.kluis.operator.root.SealSource;
import dev.kluis.operator.secret.SecretActions;
import dev.kluis.operator.secret.SecretImport;
import dev.kluis.operator.secret.SecretReconciler;
import dev.kluis.operator.vault.VaultActions;
import dev.kluis.operator.vault.VaultReconciler;
import dev.kluis.store.kubernetes.KubernetesAnchor;
import dev.kluis.store.kubernetes.KubernetesStore;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultKeys;
import dev.kluis.vault.access.AccessQuestions;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.RootRotation;
import dev.kluis.vault.seal.ShamirSeal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator without its framework: what there is, in the order in which it starts; it stops in the opposite order. It
 * starts in the background, waits for the API server and the root key as long as it takes, and is ready when it can serve.
 */
public final class Kluis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Kluis.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    /**
     * @param namespace the operator's own, with the store and the root key
     * @param nodePort where nodes reach it; 0 is any free port
     * @param nodeNames the DNS names that nodes use, for the certificate
     * @param leaderIdentity this replica's name in the election; absent is no election
     * @param seal where the root key comes from
     */
    public record Settings(
            String namespace,
            int nodePort,
            List<String> nodeNames,
            ApiSettings api,
            Optional<String> leaderIdentity,
            SealSettings seal,
            BackupSettings backup) {}

    private final Settings settings;
    private final KubernetesClient client;
    private final AuditSink audit;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final SealSource source;
    private final SealTrail trail;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Periodic periodic = new Periodic(stopping);
    private final Thread starter;
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable Vault vault;
    private volatile @Nullable AssignmentFeed assignmentFeed;
    private volatile @Nullable RootRotation rotation;
    private volatile @Nullable Backups backups;
    private volatile @Nullable Restores restores;
    /** Looked up by one thread, and told to as many as ask. */
    private volatile String whySealed = "";

    private volatile int nodePort;
    private volatile @Nullable RestServer api;

    /** @param nanoTime a monotonic clock in nanoseconds */
    public Kluis(
            Settings settings, KubernetesClient client, AuditSink audit, InstantSource clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.client = client;
        this.audit = audit;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.source = settings.seal().source(client, settings.namespace(), clock, nanoTime, random);
        this.trail = new SealTrail(audit, clock, this::operationId);
        this.starter = Thread.ofPlatform().name("kluis-start").start(this::start);
    }

    public Phase phase() {
        return phase;
    }

    /** Whether requests are answered: unsealed, and all records and assignments read. */
    public boolean ready() {
        var feed = assignmentFeed;
        return phase == Phase.SERVING && feed != null && feed.ready();
    }

    /** Why it does not serve and what somebody has to do, while it is sealed. */
    public Optional<String> whySealed() {
        return phase == Phase.SEALED ? Optional.of(whySealed).filter(why -> !why.isEmpty()) : Optional.empty();
    }

    /** Where officers submit shares, where the seal is theirs. */
    public Optional<ShamirSeal> ceremonies() {
        return source instanceof OfficersSeal officers ? Optional.of(officers.ceremonies()) : Optional.empty();
    }

    /** How far the rotation to the newest root is, once there is an engine. */
    public Optional<RootRotation.Progress> rootRotation() {
        return Optional.ofNullable(rotation).map(RootRotation::progress);
    }

    /** The engine, once there is one. */
    public Optional<Vault> vault() {
        return Optional.ofNullable(vault);
    }

    /** The backups by schedule, once there is an engine. */
    public Optional<Backups> backups() {
        return Optional.ofNullable(backups);
    }

    /** The restores that a command asks for, once there is an engine. */
    public Optional<Restores> restores() {
        return Optional.ofNullable(restores);
    }

    /** Where nodes reach it, when ready. */
    public int nodePort() {
        return nodePort;
    }

    /** The API, as soon as the cluster's API server was reached. */
    public Optional<RestServer> api() {
        return Optional.ofNullable(api);
    }

    private void start() {
        try {
            var authority = authority();
            if (authority.isEmpty()) {
                return;
            }
            var tokens = new TokenAuthenticator(client, clock, nanoTime);
            var rest = begin(
                    new RestFace(this, settings, client, authority.get(), tokens, clock, nanoTime, random, periodic));
            api = rest.server();
            var seal = unseal();
            if (seal.isPresent()) {
                assemble(seal.get(), authority.get(), tokens, rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The operator could not start", e);
            phase = phase == Phase.STOPPED ? Phase.STOPPED : Phase.FAILED;
        }
    }

    private Optional<CertificateAuthority> authority() throws InterruptedException {
        do {
            try {
                return Optional.of(CertificateAuthority.load(client, settings.namespace(), clock, random));
            } catch (RuntimeException e) {
                LOG.warn("The certificate authority cannot be read; trying again: {}", e.getMessage());
            }
        } while (!stopping.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        return Optional.empty();
    }

    private Optional<RootKeySeal> unseal() throws InterruptedException {
        var notice = new SealedNotice(client, clock);
        do {
            try {
                var seal = source.seal();
                if (seal.isPresent()) {
                    phase = Phase.STARTING;
                    return seal;
                }
                String why = source.whySealed();
                if (!why.equals(whySealed)) {
                    LOG.error("Sealed: {}", why);
                    whySealed = why;
                }
                phase = Phase.SEALED;
                notice.tell(why);
            } catch (RuntimeException e) {
                LOG.warn("The root key cannot be read; trying again: {}", e.getMessage());
            }
        } while (!stopping.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        return Optional.empty();
    }

    private void assemble(RootKeySeal seal, CertificateAuthority authority, TokenAuthenticator tokens, RestFace rest)
            throws InterruptedException {
        audit.unsealed(seal);
        rest.unsealed(seal);
        trail.tell(
                new Caller.Clockwork(),
                Source.NONE,
                "SealUnseal",
                "the seal of kind " + seal.kind() + " has the root of generation " + seal.newest(),
                () -> {});
        var assignments = new Assignments();
        var feed = begin(new AssignmentFeed(client, assignments));
        var store = begin(new KubernetesStore(client, settings.namespace()));
        var engine = begin(new Vault(new Vault.Surroundings(
                store,
                new KubernetesAnchor(client, settings.namespace()),
                seal,
                assignments,
                audit,
                header -> {},
                new Timekeeper(clock, nanoTime),
                random,
                new SoftwareKeys(random, lines -> lines.forEach(line -> LOG.info("Keys: {}", line))))));
        begin(engine::checkpoint);
        var mounts = new Mounts(clock);
        var push = begin(new Push(engine, mounts, client));

        var disposal = new Disposal(engine, client);
        var imports = new SecretImport(client, settings.namespace());
        var schedule = new Backups(
                engine,
                new Destinations(
                        settings.backup().folders(),
                        new EgressRules(settings.backup().allowHttp()),
                        imports),
                clock,
                random);
        var vaults = new VaultReconciler(
                new VaultActions(
                        engine,
                        new Dependents(assignments, mounts)::of,
                        schedule,
                        rest.hosts(),
                        rest.shares()::declare),
                disposal,
                clock);
        Consumer<VaultId> nudge = id -> vaults.nudge(id.namespace(), id.name());
        rest.hosts()
                .ifPresent(hosts -> hosts.onChange(name -> engine.named(name).ifPresent(nudge)));
        var secrets = new SecretReconciler(new SecretActions(engine, imports, random), disposal, clock);
        var keys = new KeyReconciler(new KeyActions(engine), disposal, clock);
        var access = new AccessReconciler(engine, assignments, feed, clock);
        var roles = new RoleReconciler(clock);
        var controllers = new Controllers(vaults, secrets, keys, access, roles, settings, client, this::leaseLost);

        // To nodes that ask before all is read it says that it is not ready.
        var service = new NodeService(engine, tokens, mounts, nudge, this::ready);
        nodePort = begin(new NodeServer(settings.nodePort(), settings.nodeNames(), authority, service))
                .port();
        while (!engine.awaitReady(TRY_AGAIN)) {
            LOG.info("Reading the store's records");
        }
        engine.onChange(push::changed);
        engine.onChange(id -> controllers.changed(id, engine.summary(id)));
        vault = engine;
        backups = schedule;
        assignmentFeed = feed;

        rest.serve(engine, new AccessQuestions(assignments, clock), backupRoutes(engine, schedule, nudge), audit);
        phase = Phase.SERVING;
        LOG.info("Kluis is serving");

        begin(controllers).start();
        var housekeeping = new Housekeeping(periodic);
        housekeeping.objects(engine, new KeyEventRecorder(client, clock));
        housekeeping.backups(schedule, nudge);
        housekeeping.resources(disposal, controllers);
        var walk = new RootRotation(
                new AuditedRoots(source, trail),
                new VaultKeys(store, seal, engine::vaults, random),
                clock,
                (id, failure) -> LOG.warn("The key of vault {} could not be wrapped anew now", id, failure));
        rotation = walk;
        housekeeping.root(walk, () -> {
            source.beginWhenAsked(trail);
            audit.unsealed(seal);
            rest.unsealed(seal);
        });
    }

    private List<Route> backupRoutes(Vault engine, Backups schedule, Consumer<VaultId> nudge) {
        var routes = new ArrayList<>(
                BackupRoutes.routes(restores(engine), settings.backup().restoreLimit()));
        routes.addAll(
                VaultBackupRoutes.routes(new BackupRuns(schedule, random, nudge), new KeptBackups(schedule), clock));
        return routes;
    }

    SealTrail trail() {
        return trail;
    }

    AuditSink audit() {
        return audit;
    }

    private String operationId() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private Restores restores(Vault engine) {
        var made = new Restores(engine, clock, random);
        restores = made;
        return made;
    }

    /** Another replica reconciles now; what this one has under way is best ended by starting anew. */
    private void leaseLost() {
        if (stopping.getCount() > 0) {
            LOG.error("The lease was lost; the process has to be started anew");
            phase = Phase.FAILED;
        }
    }

    private synchronized <C extends AutoCloseable> C begin(C component) {
        if (phase == Phase.STOPPED) {
            closeQuietly(component);
            throw new IllegalStateException("stopped while starting");
        }
        running.push(component);
        return component;
    }

    @Override
    public void close() {
        stopping.countDown();
        synchronized (this) {
            phase = Phase.STOPPED;
            running.forEach(Kluis::closeQuietly);
            running.clear();
        }
        starter.interrupt();
    }

    private static void closeQuietly(AutoCloseable component) {
        try {
            component.close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", component.getClass().getSimpleName(), e);
        }
    }
}
