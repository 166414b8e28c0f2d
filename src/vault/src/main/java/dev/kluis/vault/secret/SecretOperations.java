package dev.kluis.vault.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.Purging;
import dev.kluis.vault.SecretOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.secret.SecretVersion.AttributesPatch;
import dev.kluis.vault.secret.SecretVersion.SecretAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations on secrets. */
public final class SecretOperations {

    private SecretOperations() {}

    /**
     * What is known of a secret without its value.
     *
     * @param actor who wrote the record last
     */
    public record SecretView(ObjectId id, Secret state, Optional<Ownership> ownership, String actor, long revision) {}

    /** A value, which the receiver closes, or that the held version is the current one. */
    public sealed interface Fetched {

        String version();

        /** @param previous the version before it, where there is one */
        record Value(SecretVersion metadata, Optional<String> previous, SecretBytes value) implements Fetched {
            @Override
            public String version() {
                return metadata.id();
            }
        }

        record Unchanged(String version) implements Fetched {}
    }

    /**
     * Reads a value.
     *
     * @param version 32 lower-case hex characters; empty is the current one
     * @param held the version that the caller has already; it is answered as unchanged
     */
    public record SecretGet(ObjectId target, Optional<String> version, Optional<String> held)
            implements SecretOperation<Fetched> {
        @Override
        public Action action() {
            return Action.SECRET_GET;
        }

        @Override
        public Optional<String> version(Fetched answer) {
            return Optional.of(answer.version());
        }

        @Override
        public Outcome<Fetched> decide(Situation situation) {
            var state = situation.active(target).state();
            var wanted = state.required(target, version);
            if (!wanted.attributes().enabled()) {
                throw new VaultException(
                        VaultException.Code.DISABLED, "get is not allowed on " + target + ": it is disabled");
            }
            if (held.filter(wanted.id()::equals).isPresent()) {
                return new Outcome.Answer<>(new Fetched.Unchanged(wanted.id()));
            }
            return new Outcome.Answer<>(new Fetched.Value(
                    wanted, state.before(wanted.id()), situation.values().open(wanted.id())));
        }
    }

    /** Reads everything but values, deleted or not; empty when there is nothing. */
    public record SecretGetMetadata(ObjectId target) implements SecretOperation<Optional<SecretView>> {
        @Override
        public Action action() {
            return Action.SECRET_READ_METADATA;
        }

        @Override
        public Outcome<Optional<SecretView>> decide(Situation situation) {
            return new Outcome.Answer<>(
                    situation.secret().map(existing -> view(target, existing.header(), existing.state())));
        }
    }

    /**
     * Makes a new version.
     *
     * @param value at most 25,600 bytes of UTF-8; closed by the door
     * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
     * @param ifRevision the revision that the caller decided on, 0 for none: another one is a conflict
     */
    public record SecretSet(
            ObjectId target,
            SecretBytes value,
            SecretAttributes attributes,
            Optional<String> rotate,
            Optional<Long> ifRevision)
            implements SecretOperation<SecretVersion> {
        @Override
        public Action action() {
            return Action.SECRET_SET;
        }

        @Override
        public Optional<String> version(SecretVersion answer) {
            return Optional.of(answer.id());
        }

        @Override
        public Outcome<SecretVersion> decide(Situation situation) {
            SecretRules.requireLegal(value);
            SecretRules.requireLegal(attributes);
            SecretRules.requireLegalRotate(rotate);
            requireRevision(situation);
            var before = situation.secret();
            if (before.filter(existing -> !existing.state().active()).isPresent()) {
                throw new VaultException(
                        VaultException.Code.DELETED,
                        target + " is deleted but recoverable: recover it or purge it first");
            }
            var state = before.map(Existing::state).orElseGet(() -> new Secret(List.of(), new Lifecycle.Active()));
            if (state.versions().size() >= Secret.MAX_VERSIONS) {
                throw new VaultException(
                        VaultException.Code.CONFLICT,
                        target + " has " + Secret.MAX_VERSIONS + " versions, the most it can have");
            }
            var version = new SecretVersion(
                    situation.versionIds().get(),
                    situation.now(),
                    situation.now(),
                    attributes,
                    value.length(),
                    situation.commitment().apply(value),
                    false);
            return new Outcome.Put<>(
                    state.withNew(version),
                    Map.of(version.id(), value),
                    handled(ownershipOf(situation), rotate),
                    version);
        }

        private void requireRevision(Situation situation) {
            long there = situation
                    .secret()
                    .map(existing -> existing.header().revision())
                    .orElse(0L);
            if (ifRevision.filter(expected -> expected != there).isPresent()) {
                throw new VaultException(VaultException.Code.CONFLICT, target + " was changed in between");
            }
        }
    }

    /** Changes the attributes of the current version. Says whether anything was written. */
    public record SecretUpdate(ObjectId target, SecretAttributes attributes) implements SecretOperation<Boolean> {
        @Override
        public Action action() {
            return Action.SECRET_UPDATE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            SecretRules.requireLegal(attributes);
            var existing = situation.active(target);
            var current = existing.state().current();
            if (current.attributes().equals(attributes)) {
                return new Outcome.Answer<>(false);
            }
            return changed(existing, existing.state().replacing(current.with(attributes, situation.now())), true);
        }
    }

    /**
     * Changes what is given of a version's attributes and leaves the rest.
     *
     * @param version 32 lower-case hex characters; empty is the current one
     */
    public record SecretPatch(ObjectId target, Optional<String> version, AttributesPatch patch)
            implements SecretOperation<SecretView> {

        /** Key Vault's name: for whoever reads the audit it is the same operation. */
        @Override
        public String name() {
            return "SecretUpdate";
        }

        @Override
        public Action action() {
            return Action.SECRET_UPDATE;
        }

        @Override
        public Outcome<SecretView> decide(Situation situation) {
            var existing = situation.active(target);
            var before = existing.state().required(target, version);
            var attributes = patch.over(before.attributes());
            SecretRules.requireLegal(attributes);
            if (before.attributes().equals(attributes)) {
                return new Outcome.Answer<>(view(target, existing.header(), existing.state()));
            }
            var state = existing.state().replacing(before.with(attributes, situation.now()));
            return changed(existing, state, view(target, existing.header(), state));
        }
    }

    /** Deletes softly: recoverable for the vault's retention. Deleting what is deleted changes nothing. */
    public record SecretDelete(ObjectId target) implements SecretOperation<SecretView> {
        @Override
        public Action action() {
            return Action.SECRET_DELETE;
        }

        @Override
        public Outcome<SecretView> decide(Situation situation) {
            var existing = situation.active(target);
            var deleted =
                    Lifecycle.Deleted.at(situation.moment(), situation.vault().settings());
            var state = existing.state().in(deleted);
            return changed(existing, state, view(target, existing.header(), state));
        }
    }

    /**
     * Takes a deletion back.
     *
     * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
     */
    public record SecretRecover(ObjectId target, Optional<String> rotate) implements SecretOperation<SecretView> {
        @Override
        public Action action() {
            return Action.SECRET_RECOVER;
        }

        @Override
        public Outcome<SecretView> decide(Situation situation) {
            var existing = situation.deleted(target);
            SecretRules.requireLegalRotate(rotate);
            var state = existing.state().in(new Lifecycle.Active());
            return new Outcome.Put<>(
                    state,
                    Map.of(),
                    handled(existing.header().ownership(), rotate),
                    view(target, existing.header(), state));
        }
    }

    /** What deleting the declaring resource does from now on. Says whether anything was written. */
    public record SecretSetDeletionPolicy(ObjectId target, boolean keep) implements SecretOperation<Boolean> {
        @Override
        public Action action() {
            return Action.SECRET_UPDATE;
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
    public record SecretPruneVersions(ObjectId target, VersionPolicy policy) implements SecretOperation<Integer> {
        @Override
        public Action action() {
            return Action.SECRET_PURGE;
        }

        @Override
        public Outcome<Integer> decide(Situation situation) {
            var existing = situation.active(target);
            var due = policy.of(existing.state(), situation.vault().settings(), situation.moment())
                    .due();
            return due.isEmpty()
                    ? new Outcome.Answer<>(0)
                    : changed(existing, existing.state().without(due), due.size());
        }
    }

    /** Destroys a deleted secret for ever, under purge protection not before its date; or one whose vault is due. */
    public record SecretPurge(ObjectId target) implements SecretOperation<Lifecycle> {
        @Override
        public Action action() {
            return Action.SECRET_PURGE;
        }

        @Override
        public Outcome<Lifecycle> decide(Situation situation) {
            if (!Purging.due(situation.vault().lifecycle(), situation.moment())) {
                var deleted =
                        (Lifecycle.Deleted) situation.deleted(target).state().lifecycle();
                Purging.requireAllowed(situation.vault().settings(), deleted, situation.moment());
                // It may have been recovered and deleted again since the clockwork found it due.
                if (situation.caller() instanceof Caller.Clockwork && !Purging.due(deleted, situation.moment())) {
                    throw new VaultException(VaultException.Code.CONFLICT, target + " is not due to be purged");
                }
            }
            var purged = new Lifecycle.Purged(situation.now());
            return new Outcome.Put<>(new Secret(List.of(), purged), Map.of(), Optional.empty(), purged);
        }
    }

    static SecretView view(ObjectId id, RecordHeader header, Secret state) {
        return new SecretView(id, state, header.ownership(), header.actor(), header.revision());
    }

    private static <R> SecretOperation.Outcome<R> changed(SecretOperation.Existing existing, Secret state, R answer) {
        return new SecretOperation.Outcome.Put<>(
                state, Map.of(), existing.header().ownership(), answer);
    }

    /** A resource owns what it makes; whoever else writes leaves the ownership as it is. */
    private static Optional<Ownership> ownershipOf(SecretOperation.Situation situation) {
        if (situation.secret().isPresent()) {
            return situation.secret().get().header().ownership();
        }
        return situation.caller() instanceof Caller.Resource resource
                ? Optional.of(Ownership.of(resource.owner()))
                : Optional.empty();
    }

    private static Optional<Ownership> handled(Optional<Ownership> before, Optional<String> rotate) {
        return before.map(ownership -> rotate.map(ownership::handled).orElse(ownership));
    }
}
