package dev.kluis.vault;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.vault.access.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The operations on vaults. */
public final class VaultOperations {

    private VaultOperations() {}

    /**
     * What is known of a vault.
     *
     * @param recipient the key to seal values to
     * @param recipientCreated when that key was made
     */
    public record VaultView(
            VaultId vault,
            VaultSettings settings,
            Lifecycle lifecycle,
            RecipientKey recipient,
            Instant recipientCreated,
            String handledRotate) {
        public boolean active() {
            return lifecycle instanceof Lifecycle.Active;
        }
    }

    /** Reads what is known of a vault, deleted or not; empty when there is none. */
    public record VaultGet(VaultId vault) implements VaultOperation<Optional<VaultView>> {
        @Override
        public Action action() {
            return Action.VAULT_READ;
        }

        @Override
        public Outcome<Optional<VaultView>> decide(Situation situation) {
            return new Outcome.Answer<>(situation
                    .vault()
                    .map(existing -> new VaultView(
                            vault,
                            existing.settings(),
                            existing.lifecycle(),
                            existing.recipient(),
                            existing.recipientCreated(),
                            existing.header().ownership().map(Ownership::rotate).orElse(""))));
        }
    }

    /**
     * Creates the vault, changes its settings, or recovers it when it was deleted. Says whether anything was written.
     *
     * @param rotate the value of the annotation {@code kluis.dev/rotate}: there at the creation, it counts as handled
     */
    public record VaultPut(VaultId vault, VaultSettings settings, String rotate) implements VaultOperation<Boolean> {

        public VaultPut(VaultId vault, VaultSettings settings) {
            this(vault, settings, "");
        }

        @Override
        public Action action() {
            return Action.VAULT_WRITE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            if (situation.vault().isEmpty() && situation.nameTaken().test(vault)) {
                throw new VaultException(
                        VaultException.Code.CONFLICT,
                        "the vault name '" + vault.name() + "' is taken: it is a DNS name, unique in the cluster,"
                                + " held as long as the vault that has it can be recovered");
            }
            if (situation.vault().isPresent()) {
                var existing = situation.vault().get();
                existing.settings().requireMayBecome(settings);
                if (existing.active() && existing.settings().equals(settings)) {
                    return new Outcome.Answer<>(false);
                }
            }
            boolean inUse = situation.vault().filter(Existing::active).isPresent();
            return new Outcome.Put<>(
                    settings,
                    new Lifecycle.Active(),
                    List.of(),
                    Outcome.Keys.KEEP,
                    inUse ? Optional.empty() : Optional.of(rotate),
                    true);
        }
    }

    /** Deletes the vault softly; all its objects wait with it. */
    public record VaultDelete(VaultId vault) implements VaultOperation<Lifecycle> {
        @Override
        public Action action() {
            return Action.VAULT_DELETE;
        }

        @Override
        public Outcome<Lifecycle> decide(Situation situation) {
            var existing = situation.existing(vault);
            if (!existing.active()) {
                return new Outcome.Answer<>(existing.lifecycle());
            }
            var deleted = Lifecycle.Deleted.at(situation.moment(), existing.settings());
            return new Outcome.Put<>(existing.settings(), deleted, deleted);
        }
    }

    /** Purges a deleted vault, its objects gone before it. */
    public record VaultPurge(VaultId vault) implements VaultOperation<Lifecycle> {
        @Override
        public Action action() {
            return Action.VAULT_PURGE;
        }

        @Override
        public Outcome<Lifecycle> decide(Situation situation) {
            var existing = situation.existing(vault);
            if (!(existing.lifecycle() instanceof Lifecycle.Deleted deleted)) {
                throw new VaultException(VaultException.Code.CONFLICT, "only a deleted vault can be purged");
            }
            Purging.requireAllowed(existing.settings(), deleted, situation.moment());
            if (!situation.empty()) {
                throw new VaultException(VaultException.Code.CONFLICT, "the vault still has objects");
            }
            var purged = new Lifecycle.Purged(situation.moment().wall());
            return new Outcome.Put<>(existing.settings(), purged, purged);
        }
    }

    /**
     * Takes what the store holds of a vault as it is: after a restore of the whole store, or when what vanished is not
     * coming back. Without it a store that was put back is refused.
     */
    public record VaultAcceptRestore(VaultId vault) implements VaultOperation<Boolean> {
        @Override
        public Action action() {
            return Action.VAULT_ACCEPT_RESTORE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            return new Outcome.Accept<>(true);
        }
    }

    /**
     * Gives a vault new keys: the vault key, the data key, and the key that values are sealed to. What lies in the store is
     * sealed anew in the background.
     *
     * @param rotate the value of the annotation {@code kluis.dev/rotate} that asked for it, at most 256 bytes
     */
    public record VaultRotateKeys(VaultId vault, String rotate) implements VaultOperation<Boolean> {
        @Override
        public Action action() {
            return Action.VAULT_WRITE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            var existing = situation.existing(vault);
            if (!existing.active()) {
                throw new VaultException(VaultException.Code.CONFLICT, "the keys of a deleted vault stay as they are");
            }
            if (existing.state().dataKeys().size() > 1) {
                throw new VaultException(
                        VaultException.Code.CONFLICT, "the rotation before this one is still under way");
            }
            return new Outcome.Put<>(
                    existing.settings(),
                    existing.lifecycle(),
                    List.of(),
                    Outcome.Keys.ROTATE,
                    Optional.of(rotate),
                    true);
        }
    }

    /** Lets the old data keys of a vault go when nothing needs them. Says whether they are gone. */
    public record VaultRetireKeys(VaultId vault) implements VaultOperation<Boolean> {

        /** A write that began under the old key has ended by then, one way or the other. */
        public static final Duration QUIET = Duration.ofMinutes(10);

        @Override
        public Action action() {
            return Action.VAULT_WRITE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            var existing = situation.existing(vault);
            if (existing.state().dataKeys().size() == 1) {
                return new Outcome.Answer<>(true);
            }
            boolean quiet = !situation
                    .moment()
                    .earliest()
                    .isBefore(existing.recipientCreated().plus(QUIET));
            if (!quiet || situation.behind().getAsInt() > 0) {
                return new Outcome.Answer<>(false);
            }
            return new Outcome.Put<>(
                    existing.settings(), existing.lifecycle(), List.of(), Outcome.Keys.RETIRE, Optional.empty(), true);
        }
    }
}
