package dev.kluis.operator.backup;

import dev.kluis.vault.Caller;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backups that people ask for, beside those of the schedule: to the same destination, for the same recipient, one after
 * the other. Who asked is authorised for each object. Nothing old is removed for them, so that who asks often pushes no
 * backup of the schedule out; the schedule's next one counts them. The last run of each vault is remembered until this
 * process ends.
 */
public final class BackupRuns {

    private static final Logger LOG = LoggerFactory.getLogger(BackupRuns.class);
    /** Those that wait hold a thread each. */
    private static final int UNDER_WAY = 16;

    private final Backups backups;
    private final SecureRandom random;
    private final Consumer<VaultId> changed;
    private final Map<VaultId, BackupRun> runs = new ConcurrentHashMap<>();

    /** @param changed is told when a vault's standing is another one */
    public BackupRuns(Backups backups, SecureRandom random, Consumer<VaultId> changed) {
        this.backups = backups;
        this.random = random;
        this.changed = changed;
    }

    /**
     * Begins one; whether the caller may was asked before.
     *
     * @throws VaultException when the vault declares no backup, or one is under way
     */
    public BackupRun begin(Caller caller, VaultId id) {
        var backup = backups.declared(id)
                .orElseThrow(() -> new VaultException(
                        Code.CONFLICT,
                        "the Vault " + id
                                + " declares no backup that can be made: its spec.backup says where to and for"
                                + " whom, its condition BackedUp what is wrong with that"));
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        var run = admit(id, BackupRun.waiting(HexFormat.of().formatHex(bytes)));
        Thread.ofVirtual().name("kluis-backup-asked").start(() -> make(caller, id, backup));
        return run;
    }

    private synchronized BackupRun admit(VaultId id, BackupRun run) {
        if (Optional.ofNullable(runs.get(id)).filter(one -> !one.phase().over()).isPresent()) {
            throw new VaultException(Code.CONFLICT, "a backup of " + id + " is being made already");
        }
        if (runs.values().stream().filter(one -> !one.phase().over()).count() >= UNDER_WAY) {
            throw new VaultException(Code.CONFLICT, "too many backups are being made: try again later");
        }
        runs.put(id, run);
        return run;
    }

    /** A run of a vault, while it is the last one of it. */
    public Optional<BackupRun> run(VaultId id, String run) {
        return Optional.ofNullable(runs.get(id)).filter(one -> one.id().equals(run));
    }

    private void make(Caller caller, VaultId id, DeclaredBackup backup) {
        try {
            var made = backups.making()
                    .at(
                            id,
                            backup.place(),
                            destination -> backups.making()
                                    .make(
                                            caller,
                                            id,
                                            backup,
                                            destination,
                                            (done, all) ->
                                                    runs.computeIfPresent(id, (key, run) -> run.writing(done, all))));
            backups.made(id, backup, made);
            runs.computeIfPresent(id, (key, run) -> run.done(made));
            changed.accept(id);
        } catch (BackupFailedException e) {
            failed(id, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("The backup of {} that {} asked for failed", id, caller.name(), e);
            failed(id, "Kluis failed; its log tells more");
        }
    }

    private void failed(VaultId id, String why) {
        LOG.warn("The backup of {} that somebody asked for failed: {}", id, why);
        runs.computeIfPresent(id, (key, run) -> run.failed(why));
    }
}
