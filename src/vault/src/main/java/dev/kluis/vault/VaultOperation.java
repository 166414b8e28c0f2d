package dev.kluis.vault;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.record.RecordHeader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** An operation on a vault itself: a pure decision over what is there. */
public non-sealed interface VaultOperation<R> extends Operation<R> {

    VaultId vault();

    @Override
    default ObjectId target() {
        return ObjectId.vault(vault());
    }

    /** @throws VaultException when the input or the state does not allow it */
    Outcome<R> decide(Situation situation);

    /**
     * What the decision sees.
     *
     * @param vault when there is one that was not purged
     * @param nameTaken whether another namespace's vault holds a name
     * @param empty whether no object, deleted or not, is left in the vault
     * @param random draws so many bytes
     * @param behind how many records of the vault are sealed under another data key than the newest
     */
    record Situation(
            Moment moment,
            Optional<Existing> vault,
            Predicate<VaultId> nameTaken,
            boolean empty,
            IntSupplier behind,
            IntFunction<SecretBytes> random) {

        public Existing existing(VaultId id) {
            return vault.orElseThrow(
                    () -> new VaultException(VaultException.Code.NOT_FOUND, "there is no vault " + id));
        }
    }

    /**
     * @param recipient the newest key to seal values to, and when it was made
     * @param state with the keys
     */
    record Existing(
            RecordHeader header,
            VaultSettings settings,
            Lifecycle lifecycle,
            RecipientKey recipient,
            Instant recipientCreated,
            VaultState state) {

        public boolean active() {
            return lifecycle instanceof Lifecycle.Active;
        }
    }

    /** What was decided. */
    sealed interface Outcome<R> {

        R answer();

        record Answer<R>(R answer) implements Outcome<R> {}

        /**
         * The record is written anew.
         *
         * @param adopted more keys that open values which were sealed to them, none to seal to
         * @param keys what becomes of the vault's keys
         * @param handled the rotate value of the vault's resource that is done with from now on; absent: as before
         */
        record Put<R>(
                VaultSettings settings,
                Lifecycle lifecycle,
                List<VaultRecipient> adopted,
                Keys keys,
                Optional<String> handled,
                R answer)
                implements Outcome<R> {

            public Put(VaultSettings settings, Lifecycle lifecycle, List<VaultRecipient> adopted, R answer) {
                this(settings, lifecycle, adopted, Keys.KEEP, Optional.empty(), answer);
            }

            public Put(VaultSettings settings, Lifecycle lifecycle, R answer) {
                this(settings, lifecycle, List.of(), answer);
            }
        }

        /** What becomes of a vault's keys. */
        enum Keys {
            KEEP,
            /** New ones seal from now on; the old data keys still open. */
            ROTATE,
            /** The old data keys go. */
            RETIRE
        }

        /** What the store holds of the vault is taken as it is, though it is not what it held before. */
        record Accept<R>(R answer) implements Outcome<R> {}
    }
}
