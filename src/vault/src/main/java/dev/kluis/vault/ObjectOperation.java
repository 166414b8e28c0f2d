package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.key.Keys;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.record.RecordHeader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An operation on one object: a pure decision over what is there. A new operation is one class that implements this and
 * one line in each face that offers it.
 */
public non-sealed interface ObjectOperation<R> extends Operation<R> {

    /** @throws VaultException when the input or the state does not allow it */
    Outcome<R> decide(Situation situation);

    /**
     * What the decision sees.
     *
     * @param object the state and its record's header, when there is one that was not purged
     * @param versionIds makes version ids: 32 lower-case hex characters
     * @param commitment the vault's keyed commitment to a value: 64 hex characters
     * @param values opens the value of a version; the decision hands it on or closes it
     * @param purged when the last object of this name was purged, where none has been made since
     * @param blobs seals one object under the root and opens it again
     * @param keys makes keys and computes with those of the object
     */
    record Situation(
            Caller caller,
            Moment moment,
            VaultState vault,
            Optional<Existing> object,
            Supplier<String> versionIds,
            Function<SecretBytes, String> commitment,
            Values values,
            Optional<Instant> purged,
            ObjectBlob blobs,
            Keys keys) {

        /** By the wall clock. */
        public Instant now() {
            return moment.wall();
        }

        /** The object, which must be there and not deleted. */
        public Existing active(ObjectId id) {
            var existing = object.orElseThrow(() -> notFound(id));
            if (!existing.state().active()) {
                throw new VaultException(
                        VaultException.Code.NOT_FOUND,
                        id + " is deleted; it can be recovered until its scheduled purge");
            }
            return existing;
        }

        /** The object, which must be there, not deleted, and no certificate's. */
        public Existing changeable(ObjectId id) {
            return unmanaged(active(id));
        }

        /** What belongs to a certificate is changed by the certificate. */
        public static Existing unmanaged(Existing existing) {
            if (existing.state().managed()) {
                throw new VaultException(
                        VaultException.Code.MANAGED,
                        existing.header().id() + " belongs to the certificate of its name, by which it is changed");
            }
            return existing;
        }

        /** The object, which must be there and deleted. */
        public Existing deleted(ObjectId id) {
            return object.filter(existing -> !existing.state().active()).orElseThrow(() -> notFound(id));
        }

        /** What a new version is added to: the object that is there, or an empty one. */
        public ObjectState growing(ObjectId id) {
            if (object.filter(existing -> !existing.state().active()).isPresent()) {
                throw new VaultException(
                        VaultException.Code.DELETED, id + " is deleted but recoverable: recover it or purge it first");
            }
            var state = object.map(Situation::unmanaged)
                    .map(Existing::state)
                    .orElseGet(() -> new ObjectState(List.of(), new Lifecycle.Active()));
            state.requireRoomForOneMore(id);
            return state;
        }

        /** @param expected the revision that the caller decided on, 0 for none; absent is any */
        public void requireRevision(ObjectId id, Optional<Long> expected) {
            long there = object.map(existing -> existing.header().revision()).orElse(0L);
            if (expected.filter(one -> one != there).isPresent()) {
                throw new VaultException(VaultException.Code.CONFLICT, id + " was changed in between");
            }
        }

        /** A resource owns what it makes; whoever else writes leaves the ownership as it is. */
        public Optional<Ownership> ownership() {
            if (object.isPresent()) {
                return object.get().header().ownership();
            }
            return caller instanceof Caller.Resource resource
                    ? Optional.of(Ownership.of(resource.owner()))
                    : Optional.empty();
        }

        private static VaultException notFound(ObjectId id) {
            return new VaultException(VaultException.Code.NOT_FOUND, "there is no " + id);
        }
    }

    /** An object that is there. */
    record Existing(RecordHeader header, ObjectState state) {}

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
         * @param values of new versions, by version id; closed by the door, unless the operation brought them
         * @param ownership from now on
         * @param incarnation of an object that is made, 32 hex characters; absent is a new one
         */
        record Put<R>(
                ObjectState state,
                Map<String, SecretBytes> values,
                Optional<Ownership> ownership,
                Optional<String> incarnation,
                R answer)
                implements Outcome<R> {

            public Put(ObjectState state, Map<String, SecretBytes> values, Optional<Ownership> ownership, R answer) {
                this(state, values, ownership, Optional.empty(), answer);
            }

            /** The same change with another answer. */
            public <S> Put<S> answering(S other) {
                return new Put<>(state, values, ownership, incarnation, other);
            }
        }

        /** Another state of the same versions. */
        static <R> Outcome<R> changed(Existing existing, ObjectState state, R answer) {
            return new Put<>(state, Map.of(), existing.header().ownership(), answer);
        }
    }
}
