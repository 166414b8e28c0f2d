package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ReleasePolicy;
import dev.kluis.vault.object.VersionView;
import java.util.List;
import java.util.Optional;

/**
 * Changes what is given of a version and leaves the rest.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param operations {@code key_ops}
 */
public record KeyUpdate(
        ObjectId target,
        Optional<String> version,
        AttributesPatch patch,
        Optional<List<String>> operations,
        Optional<ReleasePolicy> releasePolicy)
        implements ObjectOperation<VersionView> {

    @Override
    public Action action() {
        return Action.KEY_UPDATE;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var existing = situation.changeable(target);
        var before = existing.state().required(target, version);
        var known = KeyDetail.of(before);
        var attributes = patch.over(before.attributes());
        KeyRules.requireLegal(attributes);
        var allowed = operations.isPresent() ? KeyRules.operations(known.spec(), operations) : known.operations();
        var policy = releasePolicy.or(known::releasePolicy);
        KeyRules.requireLegal(known.exportable(), policy);
        KeyRules.requireMayBecome(known, policy);
        return updated(situation, existing, before, attributes, known.with(allowed, policy));
    }

    /** The outcome that makes another one of a version, where it is another one. */
    static Outcome<VersionView> updated(
            Situation situation, Existing existing, ObjectVersion before, Attributes attributes, KeyDetail detail) {
        var target = existing.header().id();
        if (before.attributes().equals(attributes) && KeyDetail.of(before).equals(detail)) {
            return new Outcome.Answer<>(VersionView.of(target, existing.state(), before));
        }
        // Another end is another one to tell of.
        boolean sameEnd = before.attributes().expires().equals(attributes.expires());
        var changed = before.with(attributes, sameEnd ? detail : detail.told(false), situation.now());
        var state = existing.state().replacing(changed);
        return Outcome.changed(existing, state, VersionView.of(target, state, changed));
    }
}
