package dev.kluis.operator.backup;

import dev.kluis.operator.backup.BackupMaking.Made;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination;
import dev.kluis.vault.backup.BackupDestination.Kept;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.VaultBackupIdentity;
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
    private final InstantSource clock;
    private final BackupMaking making;
    private final Map<VaultId, Declared> declared = new ConcurrentHashMap<>();

    public Backups(Vault vault, Destinations destinations, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.clock = clock;
        this.making = new BackupMaking(vault, destinations, clock, random);
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

    BackupMaking making() {
        return making;
    }

    /** What a vault declares about its backups, if anything that can be done. */
    Optional<DeclaredBackup> declared(VaultId id) {
        return Optional.ofNullable(declared.get(id)).map(one -> one.observed().declared());
    }

    /** Somebody asked for a backup, and it is there: the next one by schedule is due later. */
    void made(VaultId id, DeclaredBackup by, Made made) {
        declared.computeIfPresent(id, (key, one) -> one.observed().declared().equals(by) ? succeeded(one, made) : one);
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
        try {
            after = making.at(id, one.observed().declared().place(), destination -> step.take(id, one, destination));
        } catch (BackupFailedException e) {
            after = failed(id, one, String.valueOf(e.getMessage()));
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
                .map(Kept::name)
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
        var made = making.make(caller(id, one), id, backup, destination, (done, all) -> {});
        var after = succeeded(one, made);
        return new Declared(
                after.observed(),
                after.uid(),
                after.since(),
                pruned(destination, made.name(), backup.keep(), after.standing()));
    }

    private Declared succeeded(Declared one, Made made) {
        var now = clock.instant();
        var observed = one.observed().succeeded(now, made.name().created());
        var standing = BackupStanding.succeeded(
                made.name(),
                made.location(),
                made.written().note().bytes(),
                made.written().totals(),
                made.signer(),
                BackupDecision.due(observed, now));
        return new Declared(
                observed,
                one.uid(),
                one.since(),
                made.trouble().map(standing::noting).orElse(standing));
    }

    /** Only now that there is a newer file, and only files of this very vault. */
    private static BackupStanding pruned(
            BackupDestination destination, BackupName newest, int keep, BackupStanding standing) {
        try {
            var own = destination.list(newest.folder()).stream()
                    .map(Kept::name)
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
