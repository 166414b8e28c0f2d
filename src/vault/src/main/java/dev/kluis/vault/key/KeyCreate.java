package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Makes a new key, or a new version of one.
 *
 * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
 * @param ifRevision the revision that the caller decided on, 0 for none: another one is a conflict
 */
public record KeyCreate(
        ObjectId target, WantedKey wanted, NewKey key, Optional<String> rotate, Optional<Long> ifRevision)
        implements ObjectOperation<VersionView> {

    public KeyCreate(ObjectId target, WantedKey wanted, NewKey key) {
        this(target, wanted, key, Optional.empty(), Optional.empty());
    }

    @Override
    public Action action() {
        return Action.KEY_CREATE;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var spec = wanted.spec();
        var operations = key.requireLegal(spec);
        ObjectRules.requireLegalRotate(rotate);
        situation.requireRevision(target, ifRevision);
        var state = situation.growing(target);
        return NewKey.added(situation, target, state, situation.keys().generate(spec), key, operations, rotate);
    }
}
