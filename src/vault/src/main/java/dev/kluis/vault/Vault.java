package dev.kluis.vault;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Projection.OpenSecret;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.Projection.Quarantined;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.VaultRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.secret.SecretSetSealed;
import dev.kluis.vault.store.Change;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.Store.Watching;
import dev.kluis.vault.store.Stored;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The one door to all vaults: whatever touches a vault object goes through {@link #execute}, which authorises on the
 * resolved object, lets the operation decide, writes by one compare-and-set, audits, and tells who listens.
 */
public final class Vault implements AutoCloseable {

    /** How often a write is decided again after another writer was first. */
    private static final int ATTEMPTS = 8;

    private final Store store;
    private final RecordFormat format;
    private final Authorization authorization;
    private final AuditSink audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Projection projection;
    private final SecretWrites secretWrites;
    private final List<Consumer<ObjectId>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final Watching watching;

    public Vault(
            Store store,
            Seal seal,
            Assignments assignments,
            AuditSink audit,
            InstantSource clock,
            SecureRandom random) {
        this.store = store;
        this.format = new RecordFormat(seal, random);
        this.authorization = new Authorization(assignments);
        this.audit = audit;
        this.clock = clock;
        this.random = random;
        this.projection = new Projection(format);
        this.secretWrites = new SecretWrites(store, format);
        this.watching = store.watch(this::changed);
    }

    /** Waits until all that was in the store at the start has been read. */
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return synced.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean ready() {
        return synced.getCount() == 0;
    }

    /** Tells of every object that changed, by whomever; the listener is quick and does not call back. */
    public void onChange(Consumer<ObjectId> listener) {
        listeners.add(listener);
    }

    /**
     * Does one operation for one caller.
     *
     * @throws VaultException when it is refused
     * @throws dev.kluis.vault.store.StoreUnavailableException when the store cannot be reached: done or not done
     */
    public <R> R execute(Caller caller, Operation<R> operation) {
        var started = now();
        String operationId = hex(16);
        var assignment = new String[] {""};
        try {
            R answer = run(caller, operation, operationId, started, assignment);
            record(caller, operation, operationId, started, assignment[0], operation.version(answer), "Success", "");
            return answer;
        } catch (VaultException e) {
            record(
                    caller,
                    operation,
                    operationId,
                    started,
                    assignment[0],
                    Optional.empty(),
                    e.code().name(),
                    String.valueOf(e.getMessage()));
            throw e;
        } catch (RuntimeException e) {
            record(caller, operation, operationId, started, assignment[0], Optional.empty(), "Error", "");
            throw e;
        } finally {
            if (operation instanceof SecretSet set) {
                set.value().close();
            }
        }
    }

    private <R> R run(Caller caller, Operation<R> operation, String operationId, Instant now, String[] assignment) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            assignment[0] = authorization
                    .require(caller, operation, resolve(operation.target()), now)
                    .orElse("");
            try {
                return switch (operation) {
                    case SecretOperation<R> secret -> runSecret(caller, secret, operationId, now);
                    case SecretsOperation<R> secrets -> runSecrets(caller, secrets, now);
                    case VaultOperation<R> vault -> runVault(caller, vault, operationId, now);
                };
            } catch (ConflictException e) {
                refresh(operation.target());
            }
        }
        throw new VaultException(Code.CONFLICT, operation.target() + " is being changed by others: try again");
    }

    private <R> R runSecret(Caller caller, SecretOperation<R> operation, String operationId, Instant now)
            throws ConflictException {
        var id = operation.target();
        var vault = vaultOf(id.vault());
        var there = secret(id);
        var live = there.filter(entry -> !(entry.record().state().lifecycle() instanceof Lifecycle.Purged));
        var outcome = operation.decide(new SecretOperation.Situation(
                caller,
                now,
                vault,
                live.map(entry -> new SecretOperation.Existing(
                        entry.record().header(), entry.record().state())),
                () -> hex(16),
                value -> RecordFormat.commitment(vault, value),
                version -> secretWrites.open(vault, id, live.orElseThrow(), version)));
        if (outcome instanceof SecretOperation.Outcome.Put<R> put) {
            var header = nextHeader(
                    there.map(entry -> entry.record().header()),
                    live.isPresent(),
                    id,
                    caller,
                    operation,
                    operationId,
                    now);
            try {
                projection.put(id, secretWrites.write(vault, header, put, there));
            } finally {
                if (operation instanceof SecretSetSealed) {
                    put.values().values().forEach(SecretBytes::close);
                }
            }
            tell(id);
        }
        return outcome.answer();
    }

    private <R> R runSecrets(Caller caller, SecretsOperation<R> operation, Instant now) {
        var visible = authorization.visible(caller, operation.action(), now);
        return operation.decide(name -> projection
                .secretsAfter(operation.vault(), name)
                .filter(secret -> !(secret.record().state().lifecycle() instanceof Lifecycle.Purged))
                .filter(secret -> visible.test(secret.record().header()))
                .map(secret -> new SecretOperation.Existing(
                        secret.record().header(), secret.record().state())));
    }

    private <R> R runVault(Caller caller, VaultOperation<R> operation, String operationId, Instant now)
            throws ConflictException {
        var id = operation.target();
        var there = vault(id.vault());
        var live = there.filter(entry -> !(entry.record().state().lifecycle() instanceof Lifecycle.Purged));
        var outcome = operation.decide(new VaultOperation.Situation(
                now,
                live.map(entry -> existing(entry.record())),
                this::nameTaken,
                secrets(id.vault()).findAny().isEmpty()));
        if (outcome instanceof VaultOperation.Outcome.Put<R> put) {
            boolean purged = put.lifecycle() instanceof Lifecycle.Purged;
            if (purged) {
                removeObjects(id.vault());
            }
            // New keys after a purge: nothing that was sealed before can be opened again.
            var keys = live.filter(entry -> !purged);
            var state = keys.map(entry -> entry.record().state().with(put.settings()))
                    .orElseGet(() -> newVault(put.settings(), now))
                    .in(put.lifecycle());
            var vaultKey = keys.map(entry -> entry.record().vaultKey()).orElseGet(() -> SealingKey.generate(random));
            var header = nextHeader(
                            there.map(entry -> entry.record().header()),
                            live.isPresent(),
                            id,
                            caller,
                            operation,
                            operationId,
                            now)
                    .withCommitment(RecordFormat.commitment(state));
            var stored = store.compareAndSet(id, there.map(OpenVault::tag), format.write(header, state, vaultKey));
            projection.put(id, new OpenVault(stored.tag(), new VaultRecord(header, state, vaultKey)));
            tell(id);
        }
        return outcome.answer();
    }

    /** Removes what is left of a purged vault's objects: the records that say that they were purged. */
    private void removeObjects(VaultId vault) throws ConflictException {
        for (var id : projection
                .objects(vault)
                .filter(one -> one.kind() != ObjectKind.VAULT)
                .toList()) {
            var stored = store.read(id);
            projection.forget(id);
            if (stored.isPresent()) {
                store.delete(id, stored.get().tag());
            }
        }
    }

    private static VaultOperation.Existing existing(VaultRecord record) {
        var recipient = record.state().recipients().lastEntry().getValue();
        return new VaultOperation.Existing(
                record.header(),
                record.state().settings(),
                record.state().lifecycle(),
                recipient.keys().publicKey(),
                recipient.created());
    }

    private VaultState newVault(VaultSettings settings, Instant now) {
        var dataKeys = new TreeMap<Integer, SealingKey>();
        dataKeys.put(1, SealingKey.generate(random));
        var recipients = new TreeMap<Integer, VaultRecipient>();
        recipients.put(1, new VaultRecipient(now, RecipientKeyPair.generate(random)));
        return new VaultState(settings, new Lifecycle.Active(), SealingKey.generate(random), dataKeys, recipients);
    }

    private RecordHeader nextHeader(
            Optional<RecordHeader> before,
            boolean sameIncarnation,
            ObjectId id,
            Caller caller,
            Operation<?> operation,
            String operationId,
            Instant now) {
        return new RecordHeader(
                id,
                before.filter(header -> sameIncarnation)
                        .map(RecordHeader::incarnation)
                        .orElseGet(() -> hex(16)),
                before.map(RecordHeader::revision).orElse(0L) + 1,
                now,
                operationId,
                operation.name(),
                caller.name(),
                Optional.empty(),
                before.map(RecordHeader::link).orElse(RecordHeader.NO_PREVIOUS),
                RecordHeader.NO_PREVIOUS);
    }

    // What is there.

    private Authorization.Resolved resolve(ObjectId id) {
        var vault = vaultIfReadable(id.vault())
                .map(entry -> entry.record().state())
                .filter(state -> !(state.lifecycle() instanceof Lifecycle.Purged));
        var object = id.kind() == ObjectKind.VAULT
                ? Optional.<RecordHeader>empty()
                : projection
                        .get(id)
                        .filter(entry -> !(entry instanceof OpenSecret secret
                                && secret.record().state().lifecycle() instanceof Lifecycle.Purged))
                        .flatMap(Projection::header);
        return new Authorization.Resolved(
                vault.map(VaultState::settings),
                vault.map(VaultState::lifecycle).orElseGet(Lifecycle.Active::new),
                object.isPresent(),
                object.flatMap(RecordHeader::owner));
    }

    private Optional<OpenVault> vaultIfReadable(VaultId id) {
        return projection
                .get(ObjectId.vault(id))
                .filter(OpenVault.class::isInstance)
                .map(OpenVault.class::cast);
    }

    private Optional<OpenVault> vault(VaultId id) {
        projection.get(ObjectId.vault(id)).ifPresent(entry -> requireReadable(ObjectId.vault(id), entry));
        return vaultIfReadable(id);
    }

    private VaultState vaultOf(VaultId id) {
        return vault(id)
                .map(entry -> entry.record().state())
                .orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no vault " + id));
    }

    private Optional<OpenSecret> secret(ObjectId id) {
        return projection.get(id).map(entry -> {
            requireReadable(id, entry);
            return (OpenSecret) entry;
        });
    }

    private static void requireReadable(ObjectId id, Projection.Entry entry) {
        if (entry instanceof Quarantined quarantined) {
            throw new VaultException(Code.UNREADABLE, id + " cannot be read: " + quarantined.why());
        }
    }

    private boolean nameTaken(VaultId id) {
        return projection
                .vaults()
                .filter(other -> other.name().equals(id.name()) && !other.equals(id))
                .flatMap(other -> vaultIfReadable(other).stream())
                .anyMatch(other -> !(other.record().state().lifecycle() instanceof Lifecycle.Purged));
    }

    /** The secrets of a vault that were not purged. */
    private Stream<OpenSecret> secrets(VaultId vault) {
        return projection
                .secretsAfter(vault, "")
                .filter(secret -> !(secret.record().state().lifecycle() instanceof Lifecycle.Purged));
    }

    /** What Kluis itself knows of all objects: owners, versions and dates, no content. */
    public List<Summary> summaries() {
        return projection.vaults().flatMap(this::summaries).toList();
    }

    /** What Kluis itself knows of one object, if it is there and readable. */
    public Optional<Summary> summary(ObjectId id) {
        return projection.get(id).flatMap(this::summary);
    }

    /** What Kluis itself knows of a vault, where there is one, and of its objects. */
    public Stream<Summary> summaries(VaultId vault) {
        return projection.objects(vault).flatMap(id -> summary(id).stream());
    }

    /** All vaults that the store has a record in, of whatever state. */
    public List<VaultId> vaults() {
        return projection.vaults().sorted().toList();
    }

    /** How long nodes may serve their copies of a vault's objects, if at all. */
    public Optional<Duration> offline(VaultId id) {
        return settings(id).flatMap(VaultSettings::offline);
    }

    /** How long and how surely what is deleted in a vault can be recovered. */
    public Optional<VaultSettings> settings(VaultId id) {
        return vaultIfReadable(id).map(entry -> entry.record().state().settings());
    }

    /** The objects that are refused since their records cannot be trusted. */
    public Stream<ObjectId> quarantined() {
        return projection
                .vaults()
                .flatMap(projection::objects)
                .filter(id ->
                        projection.get(id).filter(Quarantined.class::isInstance).isPresent());
    }

    /**
     * @param ownership of the record
     * @param currentVersion of a secret; empty for a vault
     * @param actor who wrote the record last
     */
    public record Summary(
            ObjectId id,
            Optional<Ownership> ownership,
            Lifecycle lifecycle,
            Optional<String> currentVersion,
            String actor) {}

    private Optional<Summary> summary(Projection.Entry entry) {
        return switch (entry) {
            case OpenVault vault ->
                Optional.of(new Summary(
                        vault.record().header().id(),
                        Optional.empty(),
                        vault.record().state().lifecycle(),
                        Optional.empty(),
                        vault.record().header().actor()));
            case OpenSecret secret ->
                Optional.of(secret)
                        .filter(one -> !(one.record().state().lifecycle() instanceof Lifecycle.Purged))
                        .map(one -> new Summary(
                                one.record().header().id(),
                                one.record().header().ownership(),
                                one.record().state().lifecycle(),
                                Optional.of(one.record().state().current().id()),
                                one.record().header().actor()));
            default -> Optional.empty();
        };
    }

    // What the store tells.

    private void refresh(ObjectId id) {
        var before = projection.get(id).flatMap(Projection::header);
        var stored = store.read(id);
        if (stored.isEmpty()) {
            if (before.isPresent()) {
                projection.vanished(id);
            }
            return;
        }
        projection.take(stored.get());
        boolean olderThanMemory = projection
                .get(id)
                .filter(entry -> !entry.tag().equals(stored.get().tag()))
                .isPresent();
        if (olderThanMemory) {
            projection.quarantine(id, "the store holds an older record than it held before");
        }
    }

    private void changed(Change change) {
        switch (change) {
            case Change.Put(Stored stored) -> {
                if (projection.take(stored)) {
                    tell(stored.id());
                }
            }
            case Change.Gone(ObjectId id) -> {
                projection.vanished(id);
                tell(id);
            }
            case Change.Malformed(ObjectId id, String why) -> {
                projection.quarantine(id, why);
                tell(id);
            }
            case Change.Synced ignored -> synced.countDown();
        }
    }

    private void tell(ObjectId id) {
        listeners.forEach(listener -> listener.accept(id));
    }

    // Audit.

    private void record(
            Caller caller,
            Operation<?> operation,
            String operationId,
            Instant started,
            String assignment,
            Optional<String> version,
            String result,
            String reason) {
        audit.accept(new AuditRecord(
                started,
                operationId,
                operation.name(),
                operation.target().toString(),
                version,
                caller.name(),
                uid(caller),
                result,
                Optional.of(reason).filter(text -> !text.isEmpty()),
                Optional.of(assignment).filter(text -> !text.isEmpty()),
                Duration.between(started, clock.instant())));
    }

    private static Optional<String> uid(Caller caller) {
        return switch (caller) {
            case Caller.ServiceAccount account -> Optional.of(account.uid());
            case Caller.Resource resource -> Optional.of(resource.uid());
            case Caller.User user -> Optional.empty();
            case Caller.Clockwork clockwork -> Optional.empty();
        };
    }

    /** Records keep milliseconds, so the engine thinks in them. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private String hex(int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return HexFormat.of().formatHex(some);
    }

    @Override
    public void close() {
        watching.close();
    }
}
