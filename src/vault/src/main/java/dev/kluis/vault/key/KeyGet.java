package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Reads the public part of a key and what is known of it, disabled or not.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 */
public record KeyGet(ObjectId target, Optional<String> version) implements ObjectOperation<VersionView> {

    @Override
    public Action action() {
        return Action.KEY_READ;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var state = situation.active(target).state();
        return new Outcome.Answer<>(VersionView.of(target, state, state.required(target, version)));
    }
}
