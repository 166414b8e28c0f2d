package dev.kluis.vault;

import java.time.Instant;

/** The rule of purge protection, in its one place. */
public final class Purging {

    private Purging() {}

    /** @throws VaultException under purge protection before the scheduled date */
    public static void requireAllowed(VaultSettings settings, Lifecycle.Deleted deleted, Moment moment) {
        if (settings.purgeProtection() && moment.earliest().isBefore(deleted.scheduledPurge())) {
            throw new VaultException(
                    VaultException.Code.CONFLICT,
                    "purge is not allowed before " + deleted.scheduledPurge()
                            + " because purge protection is enabled for this vault");
        }
    }

    /** Whether the date of a deletion has come, by both clocks. */
    public static boolean due(Lifecycle lifecycle, Moment moment) {
        return lifecycle instanceof Lifecycle.Deleted(Instant deleted, Instant purge)
                && !moment.earliest().isBefore(purge);
    }
}
