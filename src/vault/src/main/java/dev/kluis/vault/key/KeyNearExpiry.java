package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Notes that the current version of a key is about to expire, once: who gets the answer tells people. Empty when it is not,
 * or when they were told.
 */
public record KeyNearExpiry(ObjectId target) implements ObjectOperation<Optional<VersionView>> {

    /** Key Vault's name. */
    @Override
    public String name() {
        return "KeyNearExpiryEventGridNotification";
    }

    @Override
    public Action action() {
        return Action.KEY_UPDATE;
    }

    @Override
    public Optional<String> version(Optional<VersionView> answer) {
        return answer.map(view -> view.version().id());
    }

    @Override
    public Outcome<Optional<VersionView>> decide(Situation situation) {
        var existing = situation.active(target);
        var current = existing.state().current();
        if (!KeyDates.due(KeyDates.notice(existing.state()), situation.now())) {
            return new Outcome.Answer<>(Optional.empty());
        }
        var told = current.with(KeyDetail.of(current).told(true));
        var state = existing.state().replacing(told);
        return Outcome.changed(existing, state, Optional.of(VersionView.of(target, state, told)));
    }
}
