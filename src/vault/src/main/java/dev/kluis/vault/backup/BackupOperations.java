package dev.kluis.vault.backup;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.SecretOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.backup.ObjectSnapshot.VersionSnapshot;
import dev.kluis.vault.secret.Secret;
import java.util.ArrayList;
import java.util.List;

/** The operations of backup on one secret. */
public final class BackupOperations {

    private BackupOperations() {}

    /** Makes a blob of a secret that is there: all its versions with their values, which only this Kluis opens. */
    public record SecretBackup(ObjectId target) implements SecretOperation<byte[]> {
        @Override
        public Action action() {
            return Action.SECRET_BACKUP;
        }

        @Override
        public Outcome<byte[]> decide(Situation situation) {
            try (var object = snapshot(target, situation.active(target), situation)) {
                return new Outcome.Answer<>(situation.blobs().seal(object));
            }
        }
    }

    /**
     * Makes a secret again from a blob: with its name, its versions and their times, in the vault that it was in or another
     * one. Answers its state.
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record SecretRestore(ObjectId target, byte[] blob) implements SecretOperation<Secret> {

        /**
         * @param vault the vault to restore to
         * @throws VaultException with {@code BAD_PARAMETER} when it is no blob
         */
        public static SecretRestore of(VaultId vault, byte[] blob) {
            return new SecretRestore(
                    ObjectId.secret(vault, ObjectBlob.claimed(blob).name()), blob);
        }

        @Override
        public Action action() {
            return Action.SECRET_RESTORE;
        }

        @Override
        public Outcome<Secret> decide(Situation situation) {
            situation.secret().ifPresent(existing -> {
                throw existing.state().active()
                        ? new VaultException(Code.CONFLICT, target + " is there already")
                        : new VaultException(
                                Code.DELETED, target + " is deleted but recoverable: recover it or purge it first");
            });
            var object = situation.blobs().open(blob);
            if (!object.id().name().equals(target.name())) {
                object.close();
                throw new VaultException(Code.BAD_PARAMETER, "this is a backup of another object");
            }
            return Restoring.anew(target, object, object.id().vault(), situation);
        }

        @Override
        public String toString() {
            return "SecretRestore[" + target + "]";
        }
    }

    /** Reads a secret for the backup of its vault, deleted or not; the receiver closes it. */
    public record SecretExport(ObjectId target) implements SecretOperation<ObjectSnapshot> {

        /** Key Vault's name: for whoever reads the audit it is the same. */
        @Override
        public String name() {
            return "SecretBackup";
        }

        @Override
        public Action action() {
            return Action.VAULT_BACKUP;
        }

        @Override
        public Outcome<ObjectSnapshot> decide(Situation situation) {
            var existing =
                    situation.secret().orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no " + target));
            return new Outcome.Answer<>(snapshot(target, existing, situation));
        }
    }

    private static ObjectSnapshot snapshot(
            ObjectId id, SecretOperation.Existing existing, SecretOperation.Situation situation) {
        var header = existing.header();
        var versions = new ArrayList<VersionSnapshot>();
        boolean complete = false;
        try {
            for (var version : existing.state().versions()) {
                versions.add(new VersionSnapshot(
                        version.id(),
                        version.created(),
                        version.updated(),
                        version.attributes(),
                        situation.values().open(version.id())));
            }
            complete = true;
        } finally {
            if (!complete) {
                versions.forEach(version -> version.value().close());
            }
        }
        Lifecycle lifecycle = existing.state().lifecycle();
        return new ObjectSnapshot(
                id,
                header.incarnation(),
                header.revision(),
                header.time(),
                lifecycle,
                header.ownership(),
                List.copyOf(versions));
    }
}
