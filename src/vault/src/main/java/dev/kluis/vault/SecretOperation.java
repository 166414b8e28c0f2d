package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.secret.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An operation on one secret: a pure decision over what is there. A new operation is one class that implements this and
 * one line in each face that offers it.
 */
public non-sealed interface SecretOperation<R> extends Operation<R> {

    /** @throws VaultException when the input or the state does not allow it */
    Outcome<R> decide(Situation situation);

    /**
     * What the decision sees.
     *
     * @param secret the state and its record's header, when there is one that was not purged
     * @param versionIds makes version ids: 32 lower-case hex characters
     * @param commitment the vault's keyed commitment to a value: 64 hex characters
     * @param values opens the value of a version; the decision hands it on or closes it
     * @param purged when the last object of this name was purged, where none has been made since
     * @param blobs seals one object under the root and opens it again
     */
    record Situation(
            Caller caller,
            Moment moment,
            VaultState vault,
            Optional<Existing> secret,
            Supplier<String> versionIds,
            Function<SecretBytes, String> commitment,
            Values values,
            Optional<Instant> purged,
            ObjectBlob blobs) {

        /** By the wall clock. */
        public Instant now() {
            return moment.wall();
        }

        /** The secret, which must be there and not deleted. */
        public Existing active(ObjectId id) {
            var existing = secret.orElseThrow(() -> notFound(id));
            if (!existing.state().active()) {
                throw new VaultException(
                        VaultException.Code.NOT_FOUND,
                        id + " is deleted; it can be recovered until its scheduled purge");
            }
            return existing;
        }

        /** The secret, which must be there and deleted. */
        public Existing deleted(ObjectId id) {
            return secret.filter(existing -> !existing.state().active()).orElseThrow(() -> notFound(id));
        }

        private static VaultException notFound(ObjectId id) {
            return new VaultException(VaultException.Code.NOT_FOUND, "there is no " + id);
        }
    }

    /** A secret that is there. */
    record Existing(RecordHeader header, Secret state) {}

    /** Opens values. */
    @FunctionalInterface
    interface Values {
        SecretBytes open(String version);
    }

    /** What was decided. */
    sealed interface Outcome<R> {

        R answer();

        /** Nothing changes. */
        record Answer<R>(R answer) implements Outcome<R> {}

        /**
         * The record is written anew.
         *
         * @param values of new versions, by version id; closed by the door
         * @param ownership from now on
         * @param incarnation of an object that is made, 32 hex characters; absent is a new one
         */
        record Put<R>(
                Secret state,
                Map<String, SecretBytes> values,
                Optional<Ownership> ownership,
                Optional<String> incarnation,
                R answer)
                implements Outcome<R> {

            public Put(Secret state, Map<String, SecretBytes> values, Optional<Ownership> ownership, R answer) {
                this(state, values, ownership, Optional.empty(), answer);
            }
        }
    }
}
