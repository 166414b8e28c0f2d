package dev.kluis.vault;

import java.time.Instant;

/** Where an object or a vault stands between its creation and its purge. */
public sealed interface Lifecycle {

    record Active() implements Lifecycle {}

    /**
     * Deleted and still recoverable.
     *
     * @param scheduledPurge from this instant on Kluis purges it
     */
    record Deleted(Instant deleted, Instant scheduledPurge) implements Lifecycle {

        /** A deletion now; it is dated so that no clock that is set makes it due too early. */
        public static Deleted at(Moment moment, VaultSettings settings) {
            return new Deleted(moment.wall(), moment.latest().plus(settings.retention()));
        }
    }

    /** Gone: only the name, the incarnation and the times are left. */
    record Purged(Instant purged) implements Lifecycle {}
}
