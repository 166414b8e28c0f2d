package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.AuditTrail;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.key.HotKeys;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.store.Anchor;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.StoreUnavailableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

    private final Authorization authorization;
    private final AuditTrail trail;
    private final Timekeeper time;
    private final SecureRandom random;
    private final KeyBackend backend;
    private final HotKeys hotKeys;
    private final Records records;
    private final Checkpoints checkpoints;
    private final ObjectRuns objects;
    private final VaultRuns vaults;
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
            SecureRandom random,
            KeyBackend keys) {}

    public Vault(Surroundings with) {
        var store = with.store();
        var format = new RecordFormat(with.seal(), with.random());
        this.authorization = new Authorization(with.assignments());
        this.time = with.time();
        this.trail = new AuditTrail(with.audit(), () -> time.moment().wall());
        this.random = with.random();
        this.backend = with.keys();
        this.hotKeys = new HotKeys(time::nanos);
        var projection = new Projection(format);
        this.checkpoints = new Checkpoints(store, with.anchor(), format, projection, time, () -> hex(16), header -> {
            trail.replay(header);
            with.newer().accept(header);
        });
        this.records = new Records(store, projection, checkpoints);
        var writes = new ObjectWrites(store, format);
        this.resealing = new Resealing(records, writes);
        this.contentSweep = new ContentSweep(store, records);
        this.objects = new ObjectRuns(
                records,
                writes,
                trail,
                new ObjectBlob(with.seal(), with.random()),
                authorization,
                backend,
                hotKeys,
                () -> hex(16));
        this.vaults = new VaultRuns(
                records,
                new VaultWrites(store, format, records, trail::beforeLoss, random),
                trail,
                checkpoints,
                resealing,
                backend,
                () -> hex(16));
        records.onChange(this::coolKeys);
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

    /** What was parsed of what may not be used any more, or not as it was, leaves memory. */
    private void coolKeys(ObjectId id) {
        switch (id.kind()) {
            case VAULT -> hotKeys.drop(other -> other.vault().equals(id.vault()));
            case KEY -> {
                var there = records.entry(id).orElse(null) instanceof OpenObject open
                        ? Optional.of(open.record().state())
                        : Optional.<ObjectState>empty();
                hotKeys.changed(
                        id,
                        version -> there.filter(ObjectState::active)
                                .flatMap(state -> state.version(version))
                                .filter(one -> one.attributes().enabled())
                                .isPresent());
            }
            case SECRET, CHECKPOINT -> {}
        }
    }

    /** Parsed keys, which nobody outside decides anything by. */
    HotKeys hotKeys() {
        return hotKeys;
    }

    /** The keys of vaults that are in use, as Kluis itself sees them. */
    Stream<ObjectView> keys() {
        return records.vaults()
                .filter(id -> records.vaultIfReadable(id)
                        .filter(entry -> entry.record().state().active())
                        .isPresent())
                .flatMap(id -> records.objectsAfter(id, ObjectKind.KEY, ""))
                .map(open -> ObjectView.of(new ObjectOperation.Existing(
                        open.record().header(), open.record().state())));
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

    /** The vaults of which all that was done before is in the audit; what a checkpoint names is not replayed after a crash. */
    private Predicate<VaultId> audited() {
        try {
            return trail.settle(AUDITED_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return vault -> false;
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
        try (var entry = trail.begin(caller, source, operation, hex(16), moment.wall());
                var made = new MadeKeys(backend)) {
            return execute(caller, operation, moment, entry, made);
        } finally {
            operation.close();
        }
    }

    private <R> R execute(Caller caller, Operation<R> operation, Moment moment, AuditTrail.Entry entry, MadeKeys made) {
        try {
            R answer = run(caller, operation, moment, entry, made);
            entry.succeeded(operation.version(answer));
            return answer;
        } catch (RuntimeException e) {
            entry.failed(e);
            throw e;
        }
    }

    private <R> R run(Caller caller, Operation<R> operation, Moment now, AuditTrail.Entry entry, MadeKeys made) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var seen = resolve(operation.target());
            entry.allowedBy(authorization.require(caller, operation, seen, now));
            if (operation instanceof VaultAcceptRestore) {
                entry.begun();
            }
            var asked = new Asked(caller, seen, entry.operationId(), now, made);
            try {
                return switch (operation) {
                    case ObjectOperation<R> object -> objects.run(object, asked);
                    case ListOperation<R> list -> objects.run(caller, list, now);
                    case VaultOperation<R> vault -> vaults.run(vault, asked);
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

    // What is there.

    private Authorization.Resolved resolve(ObjectId id) {
        var vault = records.vaultIfReadable(id.vault())
                .filter(entry -> !Records.purged(entry))
                .map(entry -> entry.record().state());
        return Asked.resolved(vault, id.kind() == ObjectKind.VAULT ? Optional.empty() : records.header(id));
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
        return records.entries(vault).mapMulti((entry, into) -> summary(entry).ifPresent(into));
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
     * @param currentVersion of an object; empty for a vault
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
            case OpenObject object ->
                Optional.of(object)
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
        hotKeys.close();
    }
}
