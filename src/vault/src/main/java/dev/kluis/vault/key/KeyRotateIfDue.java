package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/** Makes a new version of a key when its policy demands one by now. Empty when it does not. */
public record KeyRotateIfDue(ObjectId target) implements ObjectOperation<Optional<VersionView>> {

    @Override
    public Action action() {
        return Action.KEY_ROTATE;
    }

    @Override
    public Optional<String> version(Optional<VersionView> answer) {
        return answer.map(view -> view.version().id());
    }

    @Override
    public Outcome<Optional<VersionView>> decide(Situation situation) {
        var state = situation.active(target).state();
        if (!KeyDates.due(KeyDates.rotation(state), situation.now())) {
            return new Outcome.Answer<>(Optional.empty());
        }
        var put = Rotation.of(situation, target, state, Optional.empty());
        return put.answering(Optional.of(put.answer()));
    }
}
