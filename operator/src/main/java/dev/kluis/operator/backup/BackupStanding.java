package dev.kluis.operator.backup;

import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.Totals;
import java.time.Instant;
import java.util.Optional;

/**
 * How the backups of a vault stand, for its status.
 *
 * @param good whether the last attempt succeeded; absent before the first
 * @param location of the newest file
 * @param signer the key that signs, 64 hex characters
 * @param message for people; holds no credentials
 */
public record BackupStanding(
        Optional<Boolean> good,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastAttempt,
        Optional<Instant> next,
        Optional<String> location,
        Optional<Long> bytes,
        Optional<Totals> totals,
        Optional<String> signer,
        String message) {

    static final BackupStanding NOT_YET = new BackupStanding(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "the first backup is about to be made");

    static BackupStanding succeeded(
            BackupName name, String location, long bytes, Totals totals, String signer, Instant next) {
        return new BackupStanding(
                Optional.of(true),
                Optional.of(name.created()),
                Optional.of(name.created()),
                Optional.of(next),
                Optional.of(location),
                Optional.of(bytes),
                Optional.of(totals),
                Optional.of(signer),
                totals.unreadable() == 0
                        ? "the last backup succeeded"
                        : totals.unreadable() + " objects were left out: their records cannot be trusted");
    }

    /** What is declared cannot be done. */
    public static BackupStanding invalid(String why) {
        return new BackupStanding(
                Optional.of(false),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                why);
    }

    /** A file of an earlier process is the newest one. */
    BackupStanding found(BackupName name, String where, String signedBy, Instant due) {
        return new BackupStanding(
                Optional.of(true),
                Optional.of(name.created()),
                Optional.of(name.created()),
                Optional.of(due),
                Optional.of(where),
                Optional.empty(),
                Optional.empty(),
                Optional.of(signedBy),
                "the last backup succeeded");
    }

    BackupStanding failed(Instant at, String why, Instant again) {
        return new BackupStanding(
                Optional.of(false),
                lastSuccess,
                Optional.of(at),
                Optional.of(again),
                location,
                bytes,
                totals,
                signer,
                why);
    }

    BackupStanding noting(String note) {
        return new BackupStanding(
                good, lastSuccess, lastAttempt, next, location, bytes, totals, signer, message + "; " + note);
    }
}
