package dev.kluis.vault.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import java.util.Map;
import java.util.Optional;

/** The operations that secrets alone have. */
public final class SecretOperations {

    private SecretOperations() {}

    /** A value, which the receiver closes, or that the held version is the current one. */
    public sealed interface Fetched {

        String version();

        /** @param previous the version before it, where there is one */
        record Value(ObjectVersion metadata, Optional<String> previous, SecretBytes value) implements Fetched {
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
            implements ObjectOperation<Fetched> {
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
            implements ObjectOperation<ObjectVersion> {
        @Override
        public Action action() {
            return Action.SECRET_SET;
        }

        @Override
        public Optional<String> version(ObjectVersion answer) {
            return Optional.of(answer.id());
        }

        @Override
        public Outcome<ObjectVersion> decide(Situation situation) {
            SecretRules.requireLegal(value);
            SecretRules.requireLegal(attributes);
            ObjectRules.requireLegalRotate(rotate);
            situation.requireRevision(target, ifRevision);
            var state = situation.growing(target);
            var version = new ObjectVersion(
                    situation.versionIds().get(),
                    situation.now(),
                    situation.now(),
                    attributes.common(),
                    attributes.detail(),
                    value.length(),
                    situation.commitment().apply(value),
                    false);
            return new Outcome.Put<>(
                    state.withNew(version),
                    Map.of(version.id(), value),
                    Ownership.handled(situation.ownership(), rotate),
                    version);
        }

        @Override
        public boolean keepsValues() {
            return true;
        }

        @Override
        public void close() {
            value.close();
        }
    }

    /** Changes the attributes of the current version. Says whether anything was written. */
    public record SecretUpdate(ObjectId target, SecretAttributes attributes) implements ObjectOperation<Boolean> {
        @Override
        public Action action() {
            return Action.SECRET_UPDATE;
        }

        @Override
        public Outcome<Boolean> decide(Situation situation) {
            SecretRules.requireLegal(attributes);
            var existing = situation.changeable(target);
            var current = existing.state().current();
            if (SecretAttributes.of(current).equals(attributes)) {
                return new Outcome.Answer<>(false);
            }
            return Outcome.changed(existing, replaced(existing, current, attributes, situation), true);
        }
    }

    /**
     * Changes what is given of a version's attributes and leaves the rest.
     *
     * @param version 32 lower-case hex characters; empty is the current one
     */
    public record SecretPatch(
            ObjectId target, Optional<String> version, AttributesPatch patch, Optional<String> contentType)
            implements ObjectOperation<ObjectView> {

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
        public Outcome<ObjectView> decide(Situation situation) {
            var existing = situation.changeable(target);
            var before = existing.state().required(target, version);
            var known = SecretAttributes.of(before);
            var attributes = SecretAttributes.of(patch.over(known.common()), contentType.orElse(known.contentType()));
            SecretRules.requireLegal(attributes);
            if (known.equals(attributes)) {
                return new Outcome.Answer<>(ObjectView.of(existing));
            }
            var state = replaced(existing, before, attributes, situation);
            return Outcome.changed(existing, state, ObjectView.of(existing, state));
        }
    }

    private static ObjectState replaced(
            ObjectOperation.Existing existing,
            ObjectVersion version,
            SecretAttributes attributes,
            ObjectOperation.Situation situation) {
        return existing.state().replacing(version.with(attributes.common(), attributes.detail(), situation.now()));
    }
}
