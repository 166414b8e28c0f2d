package dev.kluis.vault.audit;

import dev.kluis.vault.AuditTarget;
import dev.kluis.vault.seal.Seal;
import java.time.Duration;

/**
 * Takes audit records in the order of the answers. An operation begins with {@link #admit} and ends with one of
 * {@link #accept} or {@link #withdraw}: what cannot be audited is refused before it does anything.
 */
@FunctionalInterface
public interface AuditSink {

    /** An accepted record on its way to where it is kept. */
    @FunctionalInterface
    interface Told {

        /** Of a sink that writes at once. */
        Told WRITTEN = limit -> true;

        /** Waits until the record is written wherever the policy is to block; false when the limit passed first. */
        boolean written(Duration limit) throws InterruptedException;

        /**
         * Waits as {@link #written} does.
         *
         * @param about what the record is about
         * @throws AuditUnavailableException when the limit passed first, or the wait was interrupted
         */
        default void requireWritten(Duration limit, AuditTarget about) {
            try {
                if (!written(limit)) {
                    throw AuditUnavailableException.behind(about);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw AuditUnavailableException.behind(about);
            }
        }
    }

    /** Takes the record of an admitted operation. When it throws, the operation is not answered. */
    void accept(AuditRecord record);

    /** Takes the record of an admitted operation as {@link #accept} does, and says when it is written. */
    default Told take(AuditRecord record) {
        accept(record);
        return Told.WRITTEN;
    }

    /**
     * Keeps a place for one record, waiting for it within a limit.
     *
     * @throws AuditUnavailableException when there is none in time
     */
    default void admit() {}

    /** Gives back the place of an operation that leaves no record. */
    default void withdraw() {}

    /** Waits until all that was accepted before is written where the policy is to block; false when the limit passed. */
    default boolean flush(Duration limit) throws InterruptedException {
        return true;
    }

    /**
     * Tells of the roots, from which the keys of checkpoints come: before the first record, and again at any time, so
     * that a new root is noticed.
     */
    default void unsealed(Seal seal) {}
}
