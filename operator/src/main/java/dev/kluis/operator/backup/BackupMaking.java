package dev.kluis.operator.backup;

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
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one backup after the other, the same way for the schedule and for who asks: memory is needed for one only. */
final class BackupMaking {

    private static final Logger LOG = LoggerFactory.getLogger(BackupMaking.class);

    private final Vault vault;
    private final Destinations destinations;
    private final InstantSource clock;
    private final VaultExport export;
    private final ReentrantLock one = new ReentrantLock(true);

    BackupMaking(Vault vault, Destinations destinations, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.destinations = destinations;
        this.clock = clock;
        this.export = new VaultExport(vault, clock, random);
    }

    /**
     * A file that was made.
     *
     * @param trouble what did not go well all the same
     */
    record Made(
            BackupName name, String location, String signer, VaultExport.Written written, Optional<String> trouble) {}

    /** Something that is done at a destination. */
    @FunctionalInterface
    interface Work<T> {
        T at(BackupDestination destination) throws IOException;
    }

    /** Does something at a vault's destination. */
    <T> T at(VaultId id, DeclaredBackup.Place place, Work<T> work) throws BackupFailedException {
        try (var destination = destinations.open(id, place)) {
            return work.at(destination);
        } catch (Problem e) {
            throw new BackupFailedException(e.readiness().message(), e);
        } catch (IOException | VaultException e) {
            throw new BackupFailedException(String.valueOf(e.getMessage()), e);
        } catch (StoreUnavailableException e) {
            throw new BackupFailedException("the store does not answer", e);
        }
    }

    /**
     * @param caller who is authorised and audited, at the beginning and for each object
     * @param progress is told after each object; before the first, that it begins
     */
    Made make(
            Caller caller,
            VaultId id,
            DeclaredBackup backup,
            BackupDestination destination,
            VaultExport.Progress progress)
            throws IOException {
        one.lock();
        try {
            progress.made(0, 0);
            var identity = vault.execute(caller, new VaultBackupIdentity(id));
            var name = BackupName.of(id, identity.incarnation(), clock.instant());
            VaultExport.Written written;
            try (var upload = destination.begin(name)) {
                written = export.write(caller, id, backup.recipient(), backup.validFor(), upload, progress);
                upload.commit();
            }
            LOG.info(
                    "Backed up {}: {} objects, {} bytes",
                    id,
                    written.totals().objects(),
                    written.note().bytes());
            return new Made(
                    name,
                    destination.location(name),
                    identity.signer(),
                    written,
                    annotated(destination, name, written));
        } finally {
            one.unlock();
        }
    }

    /** The file is there and good without its note, which only a list needs. */
    private static Optional<String> annotated(
            BackupDestination destination, BackupName name, VaultExport.Written written) {
        try {
            destination.annotate(name, written.sealedNote());
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("The note on {} could not be written: {}", name, e.getMessage());
            return Optional.of("the note on what is in it could not be written: " + e.getMessage());
        }
    }
}
