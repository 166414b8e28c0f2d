package dev.kluis.vault.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.Clockwork;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.AuditLine;
import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditOutlet.Policy;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.store.FaultyStore;
import dev.kluis.vault.store.FaultyStore.Fate;
import dev.kluis.vault.store.FaultyStore.Killed;
import dev.kluis.vault.store.FaultyStore.Step;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.StoreUnavailableException;
import dev.kluis.vault.store.Stored;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Processes with an engine, one after another, on one store, anchor, root and audit, which outlive them. Time passes when
 * a test says so.
 */
final class Processes implements AutoCloseable {

    private static final int PATIENCE = 300;

    private final Store store;
    private final MemoryAnchor anchor = new MemoryAnchor();
    private final SecureRandom random = new SecureRandom();
    private final KeyBackend keys = new SoftwareKeys(random, chosen -> {});
    private final SealingKey root = SealingKey.generate(random);
    private final Assignments assignments = new Assignments();
    /** The operations that left a line in the audit of their own process. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    /** Those that left two. */
    private final Set<String> toldTwice = ConcurrentHashMap.newKeySet();
    /** Those that a later process told from their records, perhaps once more. */
    private final Set<String> toldAgain = ConcurrentHashMap.newKeySet();
    /** The headers of records that were written, by their operations. */
    private final Map<String, RecordHeader> written = new ConcurrentHashMap<>();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Duration passed = Duration.ZERO;
    private int rotations;
    private FaultyStore process;
    private AuditChain audit;
    private Vault vault;

    Processes(Store store) throws InterruptedException {
        this.store = store;
        Callers.assign(assignments);
        start(step -> Fate.DONE);
    }

    Vault vault() {
        return vault;
    }

    FaultyStore process() {
        return process;
    }

    void pass(Duration time) {
        now = now.plus(time);
        passed = passed.plus(time);
    }

    /** Starts a process; one that is killed on the way is followed by another. */
    private void start(Function<Step, Fate> plan) throws InterruptedException {
        process = new FaultyStore(store);
        process.plan(plan);
        process.onWritten(this::wrote);
        audit = audit(process);
        vault = new Vault(new Vault.Surroundings(
                process,
                process.anchor(anchor),
                new RootKeySeal("test", root, random),
                assignments,
                audit,
                header -> {},
                new Timekeeper(() -> now, () -> passed.toNanos()),
                random,
                keys));
        for (int i = 0; !vault.awaitReady(Duration.ofMillis(100)); i++) {
            if (process.killed()) {
                restart(step -> Fate.DONE);
                return;
            }
            assertThat(i).as("times that the engine was not ready").isLessThan(PATIENCE);
        }
        process.plan(step -> Fate.DONE);
    }

    /** Kills the process, if it runs still, and starts another. */
    void restart(Function<Step, Fate> plan) throws InterruptedException {
        close();
        start(plan);
    }

    /** With a sink that loses what it has not written when its process is killed. */
    private AuditChain audit(FaultyStore own) {
        var sink = new AuditOutlet(
                new AuditOutlet.Settings("file", Policy.BLOCK, 1000, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                lines -> {
                    if (!own.killed()) {
                        lines.forEach(this::wrote);
                    }
                },
                random,
                (name, attempt, cause) -> {});
        return new AuditChain(
                new AuditChain.Settings("0".repeat(32), 1000, Duration.ofMinutes(1), Optional.empty()),
                () -> now,
                List.of(sink),
                (number, line) -> {});
    }

    private void wrote(String text) {
        try {
            var line = AuditLine.parse(text.getBytes(US_ASCII));
            String operation = line.field("correlationId").orElseThrow();
            if (line.field("replayed").isPresent()) {
                toldAgain.add(operation);
            } else if (!told.add(operation)) {
                toldTwice.add(operation);
            }
        } catch (MalformedLineException e) {
            throw new AssertionError("the audit wrote what is no line of it", e);
        }
    }

    private void wrote(Stored stored) {
        if (stored.id().kind() != ObjectKind.CHECKPOINT) {
            try {
                var header = RecordHeader.decode(stored.bytes().header());
                written.put(header.operationId(), header);
            } catch (MalformedRecordException e) {
                throw new AssertionError("the engine wrote what is no record", e);
            }
        }
    }

    /** What a process does by itself, some of it. */
    void maintain(Random choice) {
        try {
            switch (choice.nextInt(4)) {
                case 0 -> {
                    var id = Callers.VAULTS.get(choice.nextInt(Callers.VAULTS.size()));
                    vault.execute(Callers.declaration(id), new VaultRotateKeys(id, "rotation " + rotations++));
                }
                case 1 -> new Clockwork(vault, (id, failure) -> {}, (what, key, version) -> {}).reseal();
                default -> vault.checkpoint();
            }
        } catch (VaultException | StoreUnavailableException | Killed e) {
            // The keys of a deleted vault stay; what else was not done, the next process does.
        }
    }

    /** To be called when nothing else is under way. */
    void sweep() {
        vault.contentSweep().sweep();
        vault.contentSweep().sweep();
    }

    /** What must hold whatever happened before. To be called when nothing else is under way. */
    void assertSound() throws InterruptedException {
        assertThat(vault.quarantined().map(this::why)).isEmpty();
        assertThat(audit.flush(Duration.ofSeconds(30))).isTrue();
        assertThat(toldTwice).as("operations with two lines").isEmpty();
        written.keySet().removeIf(told::contains);
        written.keySet().removeIf(toldAgain::contains);
        assertThat(written).as("operations that are not in the audit").isEmpty();
    }

    private String why(ObjectId id) {
        try {
            return id + " " + vault.execute(Callers.account("reader"), new ObjectGetMetadata(id));
        } catch (VaultException e) {
            return e.getMessage();
        }
    }

    @Override
    public void close() {
        process.kill();
        vault.close();
        audit.close();
    }
}
