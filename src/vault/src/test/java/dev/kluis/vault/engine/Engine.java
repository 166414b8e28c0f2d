package dev.kluis.vault.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Clockwork;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Operation;
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
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** An engine on the memory store, with a clock that tests move and callers with roles. */
final class Engine {

    static final VaultId PAYMENTS = new VaultId("payments", "payments");
    static final Owner PAYMENTS_RESOURCE = new Owner("Vault", "payments", "payments");
    static final Caller DECLARATION = new Caller.Resource(PAYMENTS_RESOURCE, "uid-vault");

    final MemoryStore store;
    final Assignments assignments = new Assignments();
    final List<AuditRecord> audit = new ArrayList<>();
    final SecureRandom random = new SecureRandom();
    final SealingKey root;
    /** Stays over restarts, since loading it takes time. */
    final WatchedKeys keys = new WatchedKeys(new SoftwareKeys(random, chosen -> {}));

    /** What happened to keys: {@code NEAR_EXPIRY ns/vault/keys/name VERSION}. */
    final List<String> keyEvents = new ArrayList<>();

    final MemoryAnchor anchor = new MemoryAnchor();
    final List<RecordHeader> newer = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Duration passed = Duration.ZERO;
    Vault vault;

    Engine() {
        this(new MemoryStore(), SealingKey.generate(new SecureRandom()));
    }

    private Engine(MemoryStore store, SealingKey root) {
        this.store = store;
        this.root = root;
        this.vault = start();
    }

    private Vault start() {
        return other(audit::add);
    }

    /** Another process on the same store and root. */
    Vault other(AuditSink sink) {
        return started(new Vault.Surroundings(
                store,
                anchor,
                new RootKeySeal("test", root, random),
                assignments,
                sink,
                newer::add,
                new Timekeeper(() -> now, () -> passed.toNanos()),
                random,
                keys));
    }

    /** An engine that has read what was there. */
    static Vault started(Vault.Surroundings surroundings) {
        var engine = new Vault(surroundings);
        try {
            assertThat(engine.awaitReady(Duration.ofSeconds(10))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return engine;
    }

    /** The same store and root under a new process, after one that was killed. */
    void restart() {
        vault.close();
        newer.clear();
        vault = start();
    }

    Engine withVault() {
        vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(90, false)));
        return this;
    }

    Engine withProtectedVault() {
        vault.execute(DECLARATION, new VaultPut(PAYMENTS, settings(90, true)));
        return this;
    }

    static VaultSettings settings(int days, boolean purgeProtection) {
        return new VaultSettings(days, purgeProtection, new TreeSet<>(), Optional.empty());
    }

    static Caller.ServiceAccount account(String namespace, String name) {
        return new Caller.ServiceAccount(namespace, name, "uid-" + namespace + "-" + name, Optional.empty());
    }

    /** A ServiceAccount {@code payments/<role>} that has the role on the whole vault. */
    Caller with(Role role) {
        String name = role.name().toLowerCase(java.util.Locale.ROOT);
        assignments.put(new Assignment(
                "payments/" + name,
                PAYMENTS,
                role,
                List.of(new Subject.ServiceAccount("payments", name)),
                Scope.WHOLE_VAULT,
                Optional.empty()));
        return account("payments", name);
    }

    static ObjectId secret(String name) {
        return ObjectId.secret(PAYMENTS, name);
    }

    static SecretSet set(String name, String value) {
        return new SecretSet(secret(name), text(value), SecretAttributes.NONE, Optional.empty(), Optional.empty());
    }

    static SecretBytes text(String value) {
        return SecretBytes.owning(value.getBytes(UTF_8));
    }

    ObjectVersion put(String name, String value) {
        return vault.execute(with(Role.SECRETS_OFFICER), set(name, value));
    }

    String get(String name) {
        return get(with(Role.SECRETS_USER), name, Optional.empty());
    }

    String get(Caller caller, String name, Optional<String> version) {
        var fetched = vault.execute(caller, new SecretGet(secret(name), version, Optional.empty()));
        try (var value = ((Fetched.Value) fetched).value()) {
            return new String(value.reveal(SecretAccess.GRANTED), UTF_8);
        }
    }

    <R> R as(Role role, Operation<R> operation) {
        return vault.execute(with(role), operation);
    }

    void pass(Duration time) {
        now = now.plus(time);
        passed = passed.plus(time);
    }

    /** Somebody sets the wall clock; no time passes. */
    void setClock(Duration by) {
        now = now.plus(by);
    }

    int purgeDue() {
        return clockwork().purgeDue();
    }

    Clockwork clockwork() {
        return new Clockwork(
                vault,
                (id, failure) -> {
                    throw failure;
                },
                (what, key, version) -> keyEvents.add(
                        what + " " + key.id() + " " + version.version().id()));
    }
}
