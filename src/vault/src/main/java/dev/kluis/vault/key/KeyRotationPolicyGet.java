package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.RotationPolicy;
import java.util.Optional;

/** Reads when a key is rotated by itself. One that nobody set tells of the end 30 days before, and rotates nothing. */
public record KeyRotationPolicyGet(ObjectId target) implements ObjectOperation<RotationPolicy> {

    @Override
    public Action action() {
        return Action.KEY_ROTATION_POLICY_READ;
    }

    @Override
    public Outcome<RotationPolicy> decide(Situation situation) {
        return new Outcome.Answer<>(of(situation.active(target).state()));
    }

    private static RotationPolicy of(ObjectState key) {
        var made = key.versions().getFirst().created();
        return key.policy() instanceof RotationPolicy policy
                ? policy
                : new RotationPolicy(
                        made, made, Optional.empty(), Optional.empty(), Optional.of(KeyDates.USUAL_NOTICE));
    }
}
