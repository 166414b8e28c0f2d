package dev.kluis.vault.object;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.Purging;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.ObjectActions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations that objects of every kind have. In the audit each has the name that Key Vault gives it for its kind. */
public final class ObjectOperations {

    private ObjectOperations() {}

    /** Reads everything but values, deleted or not; empty when there is nothing. */
    public record ObjectGetMetadata(ObjectId target) implements ObjectOperation<Optional<ObjectView>> {
        @Override
        public String name() {
            return target.kind().word() + "GetMetadata";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).read();
        }

        @Override
        public Outcome<Optional<ObjectView>> decide(Situation situation) {
            return new Outcome.Answer<>(situation.object().map(ObjectView::of));
        }
    }

    /** Reads everything but values of a deleted object. */
    public record ObjectGetDeleted(ObjectId target) implements ObjectOperation<ObjectView> {
        @Override
        public String name() {
            return target.kind().word() + "GetDeleted";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).read();
        }

        @Override
        public Outcome<ObjectView> decide(Situation situation) {
            return new Outcome.Answer<>(ObjectView.of(situation.deleted(target)));
        }
    }

    /** Deletes softly: recoverable for the vault's retention. */
    public record ObjectDelete(ObjectId target) implements ObjectOperation<ObjectView> {
        @Override
        public String name() {
            return target.kind().word() + "Delete";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).delete();
        }

        @Override
        public Outcome<ObjectView> decide(Situation situation) {
            var existing = situation.changeable(target);
            var deleted =
                    Lifecycle.Deleted.at(situation.moment(), situation.vault().settings());
            var state = existing.state().in(deleted);
            return Outcome.changed(existing, state, ObjectView.of(existing, state));
        }
    }

    /**
     * Takes a deletion back.
     *
     * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
     */
    public record ObjectRecover(ObjectId target, Optional<String> rotate) implements ObjectOperation<ObjectView> {
        @Override
        public String name() {
            return target.kind().word() + "Recover";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).recover();
        }

        @Override
        public Outcome<ObjectView> decide(Situation situation) {
            var existing = Situation.unmanaged(situation.deleted(target));
            ObjectRules.requireLegalRotate(rotate);
            var state = existing.state().in(new Lifecycle.Active());
            return new Outcome.Put<>(
                    state,
                    Map.of(),
                    Ownership.handled(existing.header().ownership(), rotate),
                    ObjectView.of(existing, state));
        }
    }

    /** What deleting the declaring resource does from now on. Says whether anything was written. */
    public record ObjectSetDeletionPolicy(ObjectId target, boolean keep) implements ObjectOperation<Boolean> {
        @Override
        public String name() {
            return target.kind().word() + "SetDeletionPolicy";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).update();
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            var existing = situation.active(target);
            var before = existing.header().ownership();
            if (before.filter(ownership -> ownership.keep() != keep).isEmpty()) {
                return new Outcome.Answer<>(false);
            }
            return new Outcome.Put<>(
                    existing.state(), Map.of(), before.map(ownership -> ownership.keeping(keep)), true);
        }
    }

    /** Purges the versions that a policy no longer keeps. Says how many there were. */
    public record ObjectPruneVersions(ObjectId target, VersionPolicy policy) implements ObjectOperation<Integer> {
        @Override
        public String name() {
            return target.kind().word() + "PruneVersions";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).purge();
        }

        @Override
        public Outcome<Integer> decide(Situation situation) {
            var existing = situation.changeable(target);
            var due = policy.of(existing.state(), situation.vault().settings(), situation.moment())
                    .due();
            return due.isEmpty()
                    ? new Outcome.Answer<>(0)
                    : Outcome.changed(existing, existing.state().without(due), due.size());
        }
    }

    /** Destroys a deleted object for ever, under purge protection not before its date; or one whose vault is due. */
    public record ObjectPurge(ObjectId target) implements ObjectOperation<Lifecycle> {
        @Override
        public String name() {
            return target.kind().word() + "Purge";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).purge();
        }

        @Override
        public Outcome<Lifecycle> decide(Situation situation) {
            if (!Purging.due(situation.vault().lifecycle(), situation.moment())) {
                var existing = situation.deleted(target);
                var deleted = (Lifecycle.Deleted) existing.state().lifecycle();
                Purging.requireAllowed(situation.vault().settings(), deleted, situation.moment());
                boolean byDate = situation.caller() instanceof Caller.Clockwork;
                // It may have been recovered and deleted again since the clockwork found it due.
                if (byDate && !Purging.due(deleted, situation.moment())) {
                    throw new VaultException(VaultException.Code.CONFLICT, target + " is not due to be purged");
                }
                if (!byDate) {
                    Situation.unmanaged(existing);
                }
            }
            var purged = new Lifecycle.Purged(situation.now());
            return new Outcome.Put<>(new ObjectState(List.of(), purged), Map.of(), Optional.empty(), purged);
        }
    }
}
