package dev.kluis.operator.backup;

import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.Problem;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.VaultBackupIdentity;
import dev.kluis.vault.backup.VaultExport;
import dev.kluis.vault.store.StoreUnavailableException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups that Vaults declare, one at a time. What was done is read from the destination and not from a status,
 * which others can write. A failure is told and tried again; nothing else of the vault waits for it.
 */
public final class Backups {

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private final Vault vault;
    private final Destinations destinations;
    private final InstantSource clock;
    private final VaultExport export;
    private final Map<VaultId, Declared> declared = new ConcurrentHashMap<>();

    public Backups(Vault vault, Destinations destinations, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.destinations = destinations;
        this.clock = clock;
        this.export = new VaultExport(vault, clock, random);
    }

    /** How the backups of one vault stand, and since when they are declared. */
    private record Declared(BackupObserved observed, String uid, Instant since, BackupStanding standing) {}

    /** A Vault says what its backups are to be; the same again changes nothing. */
    public void declare(VaultId id, String uid, DeclaredBackup backup) {
        declared.compute(
                id,
                (key, before) -> before != null
                                && before.observed().declared().equals(backup)
                                && before.uid().equals(uid)
                        ? before
                        : new Declared(BackupObserved.first(backup), uid, clock.instant(), BackupStanding.NOT_YET));
    }

    /** A Vault is gone or declares no backups any more. Its files stay. */
    public void forget(VaultId id) {
        declared.remove(id);
    }

    /** How the backups of a vault stand, where they are declared. */
    public Optional<BackupStanding> standing(VaultId id) {
        return Optional.ofNullable(declared.get(id)).map(Declared::standing);
    }

    /** How long the last success is ago, of the vault where it is longest; zero when nothing is declared. */
    public Duration oldestSuccess() {
        var now = clock.instant();
        return all().stream()
                .map(one -> one.observed().lastSuccess().orElse(one.since()))
                .map(time -> Duration.between(time, now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** How many vaults' last attempt failed. */
    public long failing() {
        return all().stream().filter(one -> one.observed().failures() > 0).count();
    }

    private Collection<Declared> all() {
        return declared.values();
    }

    /**
     * Does all that is due. Called again and again by one thread.
     *
     * @param changed is told when a vault's standing is another one
     */
    public void run(Consumer<VaultId> changed) {
        for (var id : declared.keySet()) {
            var one = declared.get(id);
            if (one == null) {
                continue;
            }
            switch (BackupDecision.decide(one.observed(), clock.instant())) {
                case LOOK -> attempt(id, one, this::look, changed);
                case BACK_UP -> attempt(id, one, this::backUp, changed);
                case WAIT -> {}
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        Declared take(VaultId id, Declared one, BackupDestination destination) throws IOException;
    }

    private void attempt(VaultId id, Declared one, Step step, Consumer<VaultId> changed) {
        Declared after;
        try (var destination = destinations.open(id, one.observed().declared().place())) {
            after = step.take(id, one, destination);
        } catch (IOException e) {
            after = failed(id, one, String.valueOf(e.getMessage()));
        } catch (Problem e) {
            after = failed(id, one, e.readiness().message());
        } catch (VaultException e) {
            after = failed(id, one, String.valueOf(e.getMessage()));
        } catch (StoreUnavailableException e) {
            after = failed(id, one, "the store does not answer");
        }
        if (declared.replace(id, one, after)) {
            changed.accept(id);
        }
    }

    private Declared failed(VaultId id, Declared one, String why) {
        LOG.warn("The backup of {} failed: {}", id, why);
        var now = clock.instant();
        var observed = one.observed().failed(now);
        return new Declared(
                observed, one.uid(), one.since(), one.standing().failed(now, why, BackupDecision.due(observed, now)));
    }

    private Declared look(VaultId id, Declared one, BackupDestination destination) throws IOException {
        var identity = vault.execute(caller(id, one), new VaultBackupIdentity(id));
        var own = BackupName.of(id, identity.incarnation(), Instant.EPOCH).incarnation();
        var now = clock.instant();
        var newest = destination.list(new BackupName.Folder(id)).stream()
                .filter(name ->
                        name.incarnation().equals(own) && !name.created().isAfter(now))
                .max(BackupName.BY_TIME);
        var observed = one.observed().found(newest.map(BackupName::created));
        var standing = newest.map(name -> one.standing()
                        .found(name, destination.location(name), identity.signer(), BackupDecision.due(observed, now)))
                .orElse(one.standing());
        return new Declared(observed, one.uid(), one.since(), standing);
    }

    private Declared backUp(VaultId id, Declared one, BackupDestination destination) throws IOException {
        var backup = one.observed().declared();
        var identity = vault.execute(caller(id, one), new VaultBackupIdentity(id));
        var name = BackupName.of(id, identity.incarnation(), clock.instant());
        VaultExport.Written written;
        long bytes;
        try (var upload = destination.begin(name)) {
            var counting = new CountingOutputStream(upload);
            written = export.write(caller(id, one), id, backup.recipient(), backup.validFor(), counting);
            bytes = counting.count();
            upload.commit();
        }
        var now = clock.instant();
        var observed = one.observed().succeeded(now, name.created());
        var standing = BackupStanding.succeeded(
                name,
                destination.location(name),
                bytes,
                written.totals(),
                identity.signer(),
                BackupDecision.due(observed, now));
        LOG.info("Backed up {}: {} objects, {} bytes", id, written.totals().objects(), bytes);
        return new Declared(observed, one.uid(), one.since(), pruned(destination, name, backup.keep(), standing));
    }

    /** Only now that there is a newer file, and only files of this very vault. */
    private static BackupStanding pruned(
            BackupDestination destination, BackupName newest, int keep, BackupStanding standing) {
        try {
            var own = destination.list(newest.folder()).stream()
                    .filter(name -> name.incarnation().equals(newest.incarnation()))
                    .sorted(BackupName.BY_TIME.reversed())
                    .skip(keep)
                    .toList();
            for (var old : own) {
                destination.delete(old);
            }
            return standing;
        } catch (IOException e) {
            LOG.warn("Old backups of {} could not be removed: {}", newest.vault(), e.getMessage());
            return standing.noting("old files could not be removed: " + e.getMessage());
        }
    }

    private static Caller caller(VaultId id, Declared one) {
        return new Caller.Resource(Disposal.vaultOwner(id.namespace(), id.name()), one.uid());
    }
}
