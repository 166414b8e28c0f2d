package dev.kluis.operator.audit;

import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.AuditFile;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.AuditRing;
import dev.kluis.vault.audit.AuditSearch;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.ChainPosition;
import dev.kluis.vault.audit.LineWriter;
import dev.kluis.vault.seal.Seal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit of the operator: one chain, its sinks, and a memory of the last lines. */
public final class Audit implements AuditSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** A sink and its queue. */
    public record To<T>(T settings, AuditOutlet.Settings queue) {}

    /**
     * @param namespace the operator's own, where the public keys are published
     * @param checkpointLines after how many lines a checkpoint is due
     * @param checkpointEvery after which time, when there was something
     * @param ring how many lines are kept in memory
     */
    public record Settings(
            String namespace,
            int checkpointLines,
            Duration checkpointEvery,
            int ring,
            Optional<To<OutputStream>> stream,
            Optional<To<AuditFile.Settings>> file,
            Optional<To<HttpAudit.Settings>> http) {
        public Settings {
            if (stream.isEmpty() && file.isEmpty() && http.isEmpty()) {
                throw new IllegalArgumentException("the audit needs a sink: standard output, a file or HTTP");
            }
        }
    }

    private final AuditKeys keys;
    private final Set<VerifyingKey> published = new HashSet<>();
    private final List<AuditOutlet> outlets = new ArrayList<>();
    private final AuditChain chain;
    private final AuditSearch search;
    private final Consumer<AuditRecord> observer;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @param observer told of every record, for metrics */
    public Audit(
            Settings settings,
            KubernetesClient client,
            InstantSource clock,
            SecureRandom random,
            Consumer<AuditRecord> observer) {
        this.keys = new AuditKeys(client, settings.namespace());
        this.observer = observer;
        var file = settings.file().map(to -> new AuditFile(to.settings(), clock));
        AuditChain.Listener memory = (number, line) -> {};
        if (file.isPresent()) {
            this.search = file.get();
        } else {
            var ring = new AuditRing(settings.ring());
            this.search = ring;
            memory = ring;
        }
        settings.stream().ifPresent(to -> add(to.queue(), LineWriter.to(to.settings()), random));
        file.ifPresent(writer -> add(settings.file().get().queue(), writer, random));
        settings.http().ifPresent(to -> add(to.queue(), new HttpAudit(to.settings(), clock), random));
        byte[] instance = new byte[16];
        random.nextBytes(instance);
        try {
            var follows = file.isPresent() ? file.get().last() : Optional.<ChainPosition>empty();
            this.chain = new AuditChain(
                    new AuditChain.Settings(
                            HexFormat.of().formatHex(instance),
                            settings.checkpointLines(),
                            settings.checkpointEvery(),
                            follows),
                    clock,
                    outlets,
                    memory);
        } catch (IOException e) {
            throw new UncheckedIOException("the audit's files cannot be read", e);
        }
        Thread.ofVirtual().name("kluis-audit-checkpoints").start(this::tick);
    }

    private void add(AuditOutlet.Settings queue, LineWriter writer, SecureRandom random) {
        outlets.add(new AuditOutlet(queue, writer, random, Audit::trouble));
    }

    /** Told at the first attempt and then ever more seldom. */
    private static void trouble(String sink, int attempt, Exception cause) {
        if (Integer.bitCount(attempt) == 1) {
            LOG.warn("The audit's sink '{}' failed {} times in a row and is tried again: {}", sink, attempt, cause);
        }
    }

    private void tick() {
        try {
            while (!stopping.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                chain.tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The sinks, for metrics. */
    public List<AuditOutlet> outlets() {
        return List.copyOf(outlets);
    }

    /** The files where there are some, otherwise the last lines in memory. */
    public AuditSearch search() {
        return search;
    }

    @Override
    public void accept(AuditRecord record) {
        var _ = take(record);
    }

    @Override
    public Told take(AuditRecord record) {
        var told = chain.take(record);
        observer.accept(record);
        return told;
    }

    @Override
    public void admit() {
        chain.admit();
    }

    @Override
    public void withdraw() {
        chain.withdraw();
    }

    @Override
    public boolean flush(Duration limit) throws InterruptedException {
        return chain.flush(limit);
    }

    /** Signs by the root's key and publishes it; what could not be published now is the next time. */
    @Override
    public synchronized void unsealed(Seal seal) {
        chain.unsealed(seal);
        for (var key : AuditChain.keys(seal)) {
            if (!published.contains(key.verifyingKey())) {
                try {
                    keys.publish(key.verifyingKey());
                    published.add(key.verifyingKey());
                } catch (RuntimeException e) {
                    LOG.warn("The audit's public key could not be published now: {}", e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        chain.close();
    }
}
