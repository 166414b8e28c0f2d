package dev.kluis.vault.backup;

import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;

/** What people ask about the backups of a whole vault; all of it takes the right to back it up. */
public final class BackupRequests {

    private BackupRequests() {}

    /** Asks for a backup now; what is then read for it is asked for one by one, by the same caller. */
    public record VaultBackupCreate(VaultId vault) implements VaultOperation<Boolean> {

        @Override
        public Action action() {
            return Action.VAULT_BACKUP;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            if (!situation.existing(vault).active()) {
                throw new VaultException(Code.CONFLICT, "the vault " + vault + " is deleted: recover it first");
            }
            return new Outcome.Answer<>(true);
        }
    }

    /** Asks how a backup is getting on. */
    public record VaultBackupProgress(VaultId vault) implements VaultOperation<Boolean> {

        @Override
        public Action action() {
            return Action.VAULT_BACKUP;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            return new Outcome.Answer<>(situation.vault().isPresent());
        }
    }

    /** Asks which backups there are; answers what the vault's own are known by. */
    public record VaultBackupList(VaultId vault) implements VaultOperation<VaultBackupList.Known> {

        /**
         * @param identity what the names and the signatures of its files show
         * @param notes opens the notes on its files; the receiver closes it
         */
        public record Known(VaultBackupIdentity.Identity identity, BackupNote.Key notes) {}

        @Override
        public Action action() {
            return Action.VAULT_BACKUP;
        }

        @Override
        public Outcome<Known> decide(Situation situation) {
            var existing = situation.existing(vault);
            return new Outcome.Answer<>(new Known(
                    VaultBackupIdentity.Identity.of(
                            existing.header().incarnation(), BackupHeader.signingKey(existing.state())),
                    BackupNote.Key.of(existing.state())));
        }
    }
}
