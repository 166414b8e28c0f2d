package dev.kluis.vault.backup;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupOperations.ObjectExport;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * Writes a vault as one backup file. Each object is read through the door when its turn comes, in its newest state then;
 * one that is made meanwhile may be in the file or not.
 */
public final class VaultExport {

    private final Vault vault;
    private final InstantSource clock;
    private final SecureRandom random;

    public VaultExport(Vault vault, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What was written.
     *
     * @param note for the vault itself, to be kept beside the file
     * @param sealedNote the same, sealed
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Written(BackupHeader header, BackupNote note, byte[] sealedNote) {

        public Totals totals() {
            return note.totals();
        }
    }

    /** Is told after each object. */
    @FunctionalInterface
    public interface Progress {

        /**
         * @param done how many objects are written
         * @param all how many there were at the beginning
         */
        void made(int done, int all);
    }

    /** Without telling how far it is. */
    public Written write(Caller caller, VaultId id, RecipientKey recipient, Duration validFor, OutputStream out)
            throws IOException {
        return write(caller, id, recipient, validFor, out, (done, all) -> {});
    }

    /**
     * @param recipient whose private key opens the file
     * @param validFor how long it may be restored
     * @param out stays open
     */
    public Written write(
            Caller caller, VaultId id, RecipientKey recipient, Duration validFor, OutputStream out, Progress progress)
            throws IOException {
        var begun = vault.execute(caller, new VaultBackup(id));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try (var fileKey = SealingKey.generate(random);
                var notes = BackupNote.Key.of(begun.state())) {
            var signer = BackupHeader.signingKey(begun.state());
            var header = BackupHeader.make(id, now, now.plus(validFor), signer, recipient, fileKey, random);
            var tally = new Tally(out);
            var file = new BackupWriter(tally, header, fileKey);
            file.vault(begun.vault());
            var ids = objects(id).toList();
            int unreadable = 0;
            for (int i = 0; i < ids.size(); i++) {
                unreadable += export(caller, ids.get(i), file) ? 0 : 1;
                progress.made(i + 1, ids.size());
            }
            var totals = file.finish(unreadable);
            var note = new BackupNote(totals, tally.count(), tally.digest());
            return new Written(header, note, notes.seal(header, note, random));
        }
    }

    private Stream<ObjectId> objects(VaultId id) {
        return Stream.concat(
                vault.summaries(id)
                        .map(Vault.Summary::id)
                        .filter(one -> one.kind().named()),
                vault.quarantined().filter(one -> one.vault().equals(id)));
    }

    private boolean export(Caller caller, ObjectId id, BackupWriter file) throws IOException {
        try (var object = vault.execute(caller, new ObjectExport(id))) {
            file.object(object);
            return true;
        } catch (VaultException e) {
            if (e.code() == Code.UNREADABLE) {
                return false;
            }
            if (e.code() == Code.NOT_FOUND) {
                return true; // purged in between
            }
            throw e;
        }
    }
}
