package dev.kluis.vault.backup;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Purging;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectPolicy;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.RotationPolicy;

/**
 * Takes one object of a vault's backup in. Nothing that is there is replaced by something older, nothing that was deleted
 * comes back to life, and no date of a purge changes: what would is left out, and the answer says why.
 *
 * @param object closed by the caller
 * @param from the vault that it was in
 * @param purgedToo whether what was purged after the backup was made is made again
 */
public record ObjectImport(ObjectId target, ObjectSnapshot object, VaultId from, boolean purgedToo)
        implements ObjectOperation<ObjectImport.Result> {

    /** What was done with one object. */
    public record Result(ObjectId id, Done done, String why) {

        /** The kinds of what can be done. */
        public enum Done {
            /** It was not there and is now. */
            RESTORED,
            /** The same object was there, in an older state, and has the newer one now. */
            UPDATED,
            /** It was left as it is. */
            SKIPPED
        }
    }

    /** Key Vault's name: for whoever reads the audit it is the same. */
    @Override
    public String name() {
        return target.kind().word() + "Restore";
    }

    @Override
    public Action action() {
        return Action.VAULT_RESTORE;
    }

    @Override
    public Outcome<Result> decide(Situation situation) {
        if (situation.object().isPresent()) {
            return into(situation.object().get(), situation);
        }
        if (!purgedToo
                && situation.purged().filter(at -> !at.isBefore(object.time())).isPresent()) {
            return skipped("it was purged after this state of it");
        }
        if (Purging.due(object.lifecycle(), situation.moment())) {
            return skipped("it was deleted, and the date of its purge has passed");
        }
        return Restoring.anew(target, object, from, situation).answering(new Result(target, Result.Done.RESTORED, ""));
    }

    private Outcome<Result> into(Existing existing, Situation situation) {
        if (!existing.header().incarnation().equals(object.incarnation())) {
            return skipped("another object of this name is there");
        }
        if (!existing.state().active()) {
            return skipped("it is deleted there: recover it first");
        }
        var versions = Restoring.merged(existing, object, situation);
        var policy = policy(existing.state().policy());
        if (versions.equals(existing.state().versions())
                && policy.equals(existing.state().policy())) {
            return skipped(
                    object.lifecycle() instanceof Lifecycle.Deleted
                            ? "it is there and not deleted"
                            : "the same or a newer state is there");
        }
        if (versions.size() > ObjectState.MAX_VERSIONS) {
            return skipped("it would have over " + ObjectState.MAX_VERSIONS + " versions");
        }
        return new Outcome.Put<>(
                existing.state().with(versions).with(policy),
                Restoring.added(existing, object, versions),
                existing.header().ownership(),
                new Result(target, Result.Done.UPDATED, ""));
    }

    /** One that was changed later wins. */
    private ObjectPolicy policy(ObjectPolicy there) {
        return object.policy() instanceof RotationPolicy other
                        && (!(there instanceof RotationPolicy own)
                                || other.updated().isAfter(own.updated()))
                ? other
                : there;
    }

    @Override
    public boolean keepsValues() {
        return true;
    }

    private Outcome<Result> skipped(String why) {
        return new Outcome.Answer<>(new Result(target, Result.Done.SKIPPED, why));
    }

    @Override
    public String toString() {
        return "ObjectImport[" + target + "]";
    }
}
