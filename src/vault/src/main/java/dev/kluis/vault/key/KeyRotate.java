package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Makes a new version of a key because somebody asks for it.
 *
 * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
 * @param ifRevision the revision that the caller decided on: another one is a conflict
 */
public record KeyRotate(ObjectId target, Optional<String> rotate, Optional<Long> ifRevision)
        implements ObjectOperation<VersionView> {

    public KeyRotate(ObjectId target) {
        this(target, Optional.empty(), Optional.empty());
    }

    @Override
    public Action action() {
        return Action.KEY_ROTATE;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var state = situation.changeable(target).state();
        situation.requireRevision(target, ifRevision);
        if (!state.current().attributes().enabled()) {
            throw new VaultException(Code.DISABLED, "rotate is not allowed on " + target + ": it is disabled");
        }
        return Rotation.of(situation, target, state, rotate);
    }
}
