package dev.kluis.operator.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * All that is read for a decision on the backups of a vault.
 *
 * @param looked whether the destination was asked what is there since it was declared
 * @param lastSuccess of the newest file there
 * @param lastAttempt since this process began
 * @param failures in a row up to the last attempt
 */
record BackupObserved(
        DeclaredBackup declared,
        boolean looked,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastAttempt,
        int failures) {

    static BackupObserved first(DeclaredBackup declared) {
        return new BackupObserved(declared, false, Optional.empty(), Optional.empty(), 0);
    }

    BackupObserved found(Optional<Instant> newest) {
        return new BackupObserved(declared, true, newest, lastAttempt, failures);
    }

    BackupObserved succeeded(Instant at, Instant created) {
        return new BackupObserved(declared, true, Optional.of(created), Optional.of(at), 0);
    }

    BackupObserved failed(Instant at) {
        return new BackupObserved(declared, looked, lastSuccess, Optional.of(at), failures + 1);
    }
}
