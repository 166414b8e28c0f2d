package dev.kluis.vault.backup;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.ObjectActions;
import dev.kluis.vault.backup.ObjectSnapshot.VersionSnapshot;
import dev.kluis.vault.object.ObjectState;
import java.util.ArrayList;
import java.util.List;

/** The operations of backup on one object. */
public final class BackupOperations {

    private BackupOperations() {}

    /** Makes a blob of an object that is there: all its versions with their values, which only this Kluis opens. */
    public record ObjectBackup(ObjectId target) implements ObjectOperation<byte[]> {
        @Override
        public String name() {
            return target.kind().word() + "Backup";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).backup();
        }

        @Override
        public Outcome<byte[]> decide(Situation situation) {
            try (var object = snapshot(target, Situation.unmanaged(situation.active(target)), situation)) {
                return new Outcome.Answer<>(situation.blobs().seal(object));
            }
        }
    }

    /**
     * Makes an object again from a blob: with its name, its versions and their times, in the vault that it was in or another
     * one. Answers its state.
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record ObjectRestore(ObjectId target, byte[] blob) implements ObjectOperation<ObjectState> {

        /**
         * @param vault the vault to restore to
         * @param kind what the caller wants to restore
         * @throws VaultException with {@code BAD_PARAMETER} when it is no blob of such an object
         */
        public static ObjectRestore of(VaultId vault, ObjectKind kind, byte[] blob) {
            return new ObjectRestore(new ObjectId(vault, kind, ObjectBlob.claimed(blob, kind)), blob);
        }

        @Override
        public String name() {
            return target.kind().word() + "Restore";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).restore();
        }

        @Override
        public Outcome<ObjectState> decide(Situation situation) {
            situation.object().ifPresent(existing -> {
                throw existing.state().active()
                        ? new VaultException(Code.CONFLICT, target + " is there already")
                        : new VaultException(
                                Code.DELETED, target + " is deleted but recoverable: recover it or purge it first");
            });
            var object = situation.blobs().open(blob);
            if (object.id().kind() != target.kind() || !object.id().name().equals(target.name())) {
                object.close();
                throw new VaultException(Code.BAD_PARAMETER, "this is a backup of another object");
            }
            return Restoring.anew(target, object, object.id().vault(), situation);
        }

        @Override
        public String toString() {
            return "ObjectRestore[" + target + "]";
        }
    }

    /** Reads an object for the backup of its vault, deleted or not; the receiver closes it. */
    public record ObjectExport(ObjectId target) implements ObjectOperation<ObjectSnapshot> {

        /** Key Vault's name: for whoever reads the audit it is the same. */
        @Override
        public String name() {
            return target.kind().word() + "Backup";
        }

        @Override
        public Action action() {
            return Action.VAULT_BACKUP;
        }

        @Override
        public Outcome<ObjectSnapshot> decide(Situation situation) {
            var existing =
                    situation.object().orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no " + target));
            return new Outcome.Answer<>(snapshot(target, existing, situation));
        }
    }

    private static ObjectSnapshot snapshot(
            ObjectId id, ObjectOperation.Existing existing, ObjectOperation.Situation situation) {
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
                        version.detail(),
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
                existing.state().managed(),
                existing.state().policy(),
                header.ownership(),
                List.copyOf(versions));
    }
}
