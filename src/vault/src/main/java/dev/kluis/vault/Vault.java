package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Projection.OpenSecret;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.AuditTrail;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.backup.BackupOperations.SecretRestore;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.secret.Secret;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.secret.SecretSetSealed;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.StoreUnavailableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The one door to all vaults: whatever touches a vault object goes through {@link #execute}, which authorises on the
 * resolved object, lets the operation decide, writes by one compare-and-set, audits, and tells who listens.
 */
public final class Vault implements AutoCloseable {

    /** How often a write is decided again after another writer was first. */
    private static final int ATTEMPTS = 12;

    private static final long FIRST_PAUSE_MICROS = 500;
    /** A checkpoint that names what is not in the audit yet is made later. */
    private static final Duration AUDITED_WITHIN = Duration.ofSeconds(2);

    private final Store store;
    private final RecordFormat format;
    private final Authorization authorization;
    private final AuditTrail trail;
    private final Timekeeper time;
    private final SecureRandom random;
    private final ObjectBlob blobs;
    private final Records records;
    private final Checkpoints checkpoints;
    private final SecretWrites secretWrites;
    private final VaultWrites vaultWrites;
    private final Resealing resealing;
    private final ContentSweep contentSweep;

    /**
     * What an engine works with.
     *
     * @param newer is told at the start of each record that no checkpoint names yet: what an operation did whose process
     *     may have ended before it told anybody
     */
    public record Surroundings(
            Store store,
            Anchor anchor,
            Seal seal,
            Assignments assignments,
            AuditSink audit,
            Consumer<RecordHeader> newer,
            Timekeeper time,
            SecureRandom random) {}

    public Vault(Surroundings with) {
        this.store = with.store();
        this.format = new RecordFormat(with.seal(), with.random());
        this.authorization = new Authorization(with.assignments());
        this.time = with.time();
        this.trail = new AuditTrail(with.audit(), () -> time.moment().wall());
        this.random = with.random();
        this.blobs = new ObjectBlob(with.seal(), with.random());
        this.secretWrites = new SecretWrites(store, format);
        var projection = new Projection(format);
        this.checkpoints = new Checkpoints(store, with.anchor(), format, projection, time, () -> hex(16), header -> {
            trail.replay(header);
            with.newer().accept(header);
        });
        this.records = new Records(store, projection, checkpoints);
        this.vaultWrites = new VaultWrites(store, format, records, trail::beforeLoss, random);
        this.resealing = new Resealing(records, secretWrites);
        this.contentSweep = new ContentSweep(store, records);
    }

    /** Waits until all that was in the store at the start has been read and held against the checkpoints. */
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return records.ready().await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean ready() {
        return records.ready().getCount() == 0;
    }

    /** Tells of every object that changed, by whomever; the listener is quick and does not call back. */
    public void onChange(Consumer<ObjectId> listener) {
        records.onChange(listener);
    }

    /** The time by both clocks. */
    public Moment moment() {
        return time.moment();
    }

    /**
     * Writes down how far every vault that changed has come. To be called every few seconds: what was changed since the
     * last time could be put back or taken away without notice.
     *
     * @return how many vaults had changed
     * @throws dev.kluis.vault.store.StoreUnavailableException and what was not written is, the next time
     */
    public int checkpoint() {
        return checkpoints.write(this::audited);
    }

    /** Whether all that was done before is in the audit; what a checkpoint names is not replayed after a crash. */
    private boolean audited() {
        try {
            return trail.settle(AUDITED_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Does one operation for one caller of whose request nothing else is known. */
    public <R> R execute(Caller caller, Operation<R> operation) {
        return execute(caller, Source.NONE, operation);
    }

    /** Removes what no record needs. */
    public ContentSweep contentSweep() {
        return contentSweep;
    }

    /** Seals anew what is still sealed under keys of before a rotation. */
    public Resealing resealing() {
        return resealing;
    }

    /**
     * Does one operation for one caller.
     *
     * @param source of the request, for the audit
     * @throws VaultException when it is refused
     * @throws dev.kluis.vault.audit.AuditUnavailableException when it could not be audited, and was not begun
     * @throws dev.kluis.vault.store.StoreUnavailableException when the store cannot be reached: done or not done
     */
    public <R> R execute(Caller caller, Source source, Operation<R> operation) {
        var moment = time.moment();
        try (var entry = trail.begin(caller, source, operation, hex(16), moment.wall())) {
            return execute(caller, operation, moment, entry);
        } finally {
            if (operation instanceof SecretSet set) {
                set.value().close();
            }
        }
    }

    private <R> R execute(Caller caller, Operation<R> operation, Moment moment, AuditTrail.Entry entry) {
        try {
            R answer = run(caller, operation, moment, entry);
            entry.succeeded(operation.version(answer));
            return answer;
        } catch (RuntimeException e) {
            entry.failed(e);
            throw e;
        }
    }

    private <R> R run(Caller caller, Operation<R> operation, Moment now, AuditTrail.Entry entry) {
        String operationId = entry.operationId();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var seen = resolve(operation.target());
            entry.allowedBy(authorization.require(caller, operation, seen, now));
            if (operation instanceof VaultAcceptRestore) {
                entry.begun();
            }
            try {
                return switch (operation) {
                    case SecretOperation<R> secret -> runSecret(caller, secret, seen, operationId, now);
                    case SecretsOperation<R> secrets -> runSecrets(caller, secrets, now);
                    case VaultOperation<R> vault -> runVault(caller, vault, seen, operationId, now);
                };
            } catch (ConflictException e) {
                pause(attempt);
                records.refresh(operation.target());
            }
        }
        throw new VaultException(Code.CONFLICT, operation.target() + " is being changed by others: try again");
    }

    /** Of several writers that met, not all come back at once: full jitter below a limit that doubles. */
    private void pause(int attempt) {
        if (attempt == 0) {
            return; // the other one has won and is done
        }
        try {
            TimeUnit.MICROSECONDS.sleep(random.nextLong(FIRST_PAUSE_MICROS << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("stopped while waiting for another writer", e);
        }
    }

    private <R> R runSecret(
            Caller caller, SecretOperation<R> operation, Authorization.Resolved seen, String operationId, Moment now)
            throws ConflictException {
        var id = operation.target();
        var vault = vaultOf(id.vault());
        var there = records.secret(id);
        var live = there.filter(entry -> !Records.purged(entry));
        requireAllowedOn(
                seen,
                resolved(Optional.of(vault), live.map(entry -> entry.record().header())));
        var outcome = decide(
                operation,
                there,
                new SecretOperation.Situation(
                        caller,
                        now,
                        vault,
                        live.map(Vault::existing),
                        () -> hex(16),
                        value -> RecordFormat.commitment(vault, value),
                        version -> secretWrites.open(vault, id, live.orElseThrow(), version),
                        there.flatMap(entry -> purgedAt(entry.record().state())),
                        blobs));
        if (outcome instanceof SecretOperation.Outcome.Put<R> put) {
            var before = there.map(entry -> entry.record().header());
            trail.beforeWrite(operationId, before);
            var next = nextHeader(before, live.isPresent(), id, caller, operation, operationId, now);
            var header = put.incarnation().map(next::as).orElse(next);
            try {
                records.put(id, secretWrites.write(vault, header, put, there));
            } finally {
                if (operation instanceof SecretSetSealed || operation instanceof SecretRestore) {
                    put.values().values().forEach(SecretBytes::close);
                }
            }
        }
        return outcome.answer();
    }

    /** What the caller was allowed to touch is what is touched: not what another one has put there in between. */
    private static void requireAllowedOn(Authorization.Resolved seen, Authorization.Resolved now)
            throws ConflictException {
        if (!seen.equals(now)) {
            throw new ConflictException("it was changed while the caller was authorised");
        }
    }

    private <R> SecretOperation.Outcome<R> decide(
            SecretOperation<R> operation, Optional<OpenSecret> there, SecretOperation.Situation situation)
            throws ConflictException {
        try {
            return operation.decide(situation);
        } catch (VaultException e) {
            if (e.code() == Code.UNREADABLE) {
                // A content goes when the record that named it is replaced; then there is a newer one to read.
                records.refresh(operation.target());
                if (!records.secret(operation.target()).equals(there)) {
                    throw new ConflictException("it was changed while it was read");
                }
            }
            throw e;
        }
    }

    private static Optional<Instant> purgedAt(Secret state) {
        return state.lifecycle() instanceof Lifecycle.Purged(Instant purged) ? Optional.of(purged) : Optional.empty();
    }

    private <R> R runSecrets(Caller caller, SecretsOperation<R> operation, Moment now) {
        var visible = authorization.visible(caller, operation.action(), now.wall());
        return operation.decide(name -> records.secretsAfter(operation.vault(), name)
                .filter(secret -> visible.test(secret.record().header()))
                .map(Vault::existing));
    }

    private static SecretOperation.Existing existing(OpenSecret secret) {
        return new SecretOperation.Existing(
                secret.record().header(), secret.record().state());
    }

    private <R> R runVault(
            Caller caller, VaultOperation<R> operation, Authorization.Resolved seen, String operationId, Moment now)
            throws ConflictException {
        var id = operation.target();
        var there = operation instanceof VaultAcceptRestore ? Optional.<OpenVault>empty() : records.vault(id.vault());
        var live = there.filter(entry -> !Records.purged(entry));
        if (!(operation instanceof VaultAcceptRestore)) {
            requireAllowedOn(seen, resolved(live.map(entry -> entry.record().state()), Optional.empty()));
        }
        var outcome = operation.decide(new VaultOperation.Situation(
                now,
                live.map(entry -> VaultWrites.existing(entry.record())),
                records::nameTaken,
                records.secretsAfter(id.vault(), "").findAny().isEmpty(),
                () -> resealing.behind(id.vault()).size()));
        switch (outcome) {
            case VaultOperation.Outcome.Answer<R> answer -> {}
            case VaultOperation.Outcome.Accept<R> accept -> {
                checkpoints.accept(id.vault());
                records.tellAll(id.vault());
            }
            case VaultOperation.Outcome.Put<R> put -> {
                var before = there.map(entry -> entry.record().header());
                trail.beforeWrite(operationId, before);
                var header = nextHeader(before, live.isPresent(), id, caller, operation, operationId, now);
                if (there.isPresent() && live.isEmpty()) {
                    vaultWrites.removeObjects(id.vault());
                    checkpoints.renew(id.vault());
                }
                if (put.lifecycle() instanceof Lifecycle.Purged) {
                    vaultWrites.beforeKeysGo(id.vault());
                }
                records.put(id, vaultWrites.write(header, put, there));
                if (put.lifecycle() instanceof Lifecycle.Purged) {
                    removeObjects(id.vault());
                }
            }
        }
        return outcome.answer();
    }

    /** What stays is of no use to anybody, and goes before the vault is made again. */
    private void removeObjects(VaultId purged) {
        try {
            vaultWrites.removeObjects(purged);
        } catch (ConflictException | AuditUnavailableException e) {
            return; // another one removes them, or they go when the vault is made again
        }
    }

    private RecordHeader nextHeader(
            Optional<RecordHeader> before,
            boolean sameIncarnation,
            ObjectId id,
            Caller caller,
            Operation<?> operation,
            String operationId,
            Moment now) {
        return new RecordHeader(
                id,
                before.filter(header -> sameIncarnation)
                        .map(RecordHeader::incarnation)
                        .orElseGet(() -> hex(16)),
                before.map(RecordHeader::revision).orElse(0L) + 1,
                now.wall(),
                operationId,
                operation.name(),
                caller.name(),
                Optional.empty(),
                before.map(RecordHeader::link).orElse(RecordHeader.NO_PREVIOUS),
                RecordHeader.NO_PREVIOUS);
    }

    // What is there.

    private Authorization.Resolved resolve(ObjectId id) {
        var vault = records.vaultIfReadable(id.vault())
                .filter(entry -> !Records.purged(entry))
                .map(entry -> entry.record().state());
        return resolved(vault, id.kind() == ObjectKind.VAULT ? Optional.empty() : records.header(id));
    }

    private static Authorization.Resolved resolved(Optional<VaultState> vault, Optional<RecordHeader> object) {
        return new Authorization.Resolved(
                vault.map(VaultState::settings),
                vault.map(VaultState::lifecycle).orElseGet(Lifecycle.Active::new),
                object.isPresent(),
                object.flatMap(RecordHeader::owner));
    }

    private VaultState vaultOf(VaultId id) {
        return records.vault(id)
                .filter(entry -> !Records.purged(entry))
                .map(entry -> entry.record().state())
                .orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no vault " + id));
    }

    /** What Kluis itself knows of all objects: owners, versions and dates, no content. */
    public List<Summary> summaries() {
        return records.vaults().flatMap(this::summaries).toList();
    }

    /** What Kluis itself knows of one object, if it is there and readable. */
    public Optional<Summary> summary(ObjectId id) {
        return records.entry(id).flatMap(Vault::summary);
    }

    /** What Kluis itself knows of a vault, where there is one, and of its objects. */
    public Stream<Summary> summaries(VaultId vault) {
        return records.objects(vault).flatMap(id -> summary(id).stream());
    }

    /** All vaults that the store has a record in, of whatever state. */
    public List<VaultId> vaults() {
        return records.vaults().sorted().toList();
    }

    /** How long nodes may serve their copies of a vault's objects, if at all. */
    public Optional<Duration> offline(VaultId id) {
        return settings(id).flatMap(VaultSettings::offline);
    }

    /** How long and how surely what is deleted in a vault can be recovered. */
    public Optional<VaultSettings> settings(VaultId id) {
        return records.vaultIfReadable(id).map(entry -> entry.record().state().settings());
    }

    /** The vault of this name, which is unique in the cluster, where there is one that was not purged. */
    public Optional<VaultId> named(String name) {
        return records.named(name).findFirst();
    }

    /** The objects that are refused since their records cannot be trusted; none of a vault that was purged with its keys. */
    public Stream<ObjectId> quarantined() {
        return records.vaults()
                .filter(id -> !records.purged(id))
                .flatMap(records::objects)
                .filter(id -> records.entry(id)
                        .filter(Projection.Quarantined.class::isInstance)
                        .isPresent());
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

    private static Optional<Summary> summary(Projection.Entry entry) {
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
                        .filter(one -> !Records.purged(one))
                        .map(one -> new Summary(
                                one.record().header().id(),
                                one.record().header().ownership(),
                                one.record().state().lifecycle(),
                                Optional.of(one.record().state().current().id()),
                                one.record().header().actor()));
            default -> Optional.empty();
        };
    }

    private String hex(int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return HexFormat.of().formatHex(some);
    }

    @Override
    public void close() {
        records.close();
    }
}
