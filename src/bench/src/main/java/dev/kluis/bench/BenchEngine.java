package dev.kluis.bench;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditRing;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import dev.kluis.vault.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** An engine in this process with one vault and one caller, audited as the operator's is; its lines go nowhere. */
final class BenchEngine implements AutoCloseable {

    static final VaultId VAULT = new VaultId("bench", "bench");
    static final Caller DECLARATION = new Caller.Resource(new Owner("Vault", "bench", "bench"), "uid");
    static final Caller ADMIN = new Caller.User("admin", List.of());

    private static final Duration READY = Duration.ofSeconds(30);
    private static final int CHECKPOINT_LINES = 1000;
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(10);
    private static final AuditOutlet.Settings NOWHERE = new AuditOutlet.Settings(
            "nowhere", AuditOutlet.Policy.BLOCK, 4096, Duration.ofSeconds(5), Duration.ofSeconds(1));
    private static final String FILLING = "x".repeat(80);

    private final Vault vault;
    private final AuditChain audit;

    private BenchEngine(Vault vault, AuditChain audit) {
        this.vault = vault;
        this.audit = audit;
    }

    static BenchEngine inMemory() throws InterruptedException {
        return on(new MemoryStore(), new MemoryAnchor());
    }

    static BenchEngine on(Store store, Anchor anchor) throws InterruptedException {
        var random = new SecureRandom();
        var seal = new RootKeySeal("bench", SealingKey.generate(random), random);
        var audit = new AuditChain(
                new AuditChain.Settings("0".repeat(32), CHECKPOINT_LINES, CHECKPOINT_EVERY, Optional.empty()),
                InstantSource.system(),
                List.of(new AuditOutlet(NOWHERE, lines -> {}, random, (sink, attempt, cause) -> {})),
                new AuditRing(AuditRing.CAPACITY));
        audit.unsealed(seal);
        var vault = new Vault(new Vault.Surroundings(
                store,
                anchor,
                seal,
                assignments(),
                audit,
                newer -> {},
                new Timekeeper(Instant::now, System::nanoTime),
                random,
                new SoftwareKeys(random, chosen -> {})));
        if (!vault.awaitReady(READY)) {
            throw new IllegalStateException("the engine was not ready within " + READY);
        }
        vault.execute(
                DECLARATION, new VaultPut(VAULT, new VaultSettings(90, false, new TreeSet<>(), Optional.empty())));
        return new BenchEngine(vault, audit);
    }

    private static Assignments assignments() {
        var assignments = new Assignments();
        assignments.put(new Assignment(
                "bench/admin",
                VAULT,
                Role.ADMINISTRATOR,
                List.of(new Subject.User("admin")),
                Scope.WHOLE_VAULT,
                Optional.empty()));
        return assignments;
    }

    Vault vault() {
        return vault;
    }

    static ObjectId secret(int number) {
        return ObjectId.secret(VAULT, "s" + number);
    }

    /** A new version of a secret, of about 100 bytes. */
    void set(int number) {
        var value = SecretBytes.owning(("value of secret " + number + " " + FILLING).getBytes(StandardCharsets.UTF_8));
        vault.execute(
                ADMIN, new SecretSet(secret(number), value, SecretAttributes.NONE, Optional.empty(), Optional.empty()));
    }

    void get(int number) {
        var fetched = vault.execute(ADMIN, new SecretGet(secret(number), Optional.empty(), Optional.empty()));
        ((Fetched.Value) fetched).value().close();
    }

    void fill(int secrets) {
        for (int i = 0; i < secrets; i++) {
            set(i);
        }
    }

    @Override
    public void close() {
        vault.close();
        audit.close();
    }
}
