package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation.Outcome;
import dev.kluis.vault.ObjectOperation.Situation;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.VersionView;
import java.time.Instant;
import java.util.Optional;

/** A new version of the same kind, for the same use; the old ones go on to decrypt, unwrap and verify. */
final class Rotation {

    private Rotation() {}

    /** @param state of a key that is there */
    static Outcome.Put<VersionView> of(Situation situation, ObjectId id, ObjectState state, Optional<String> rotate) {
        state.requireRoomForOneMore(id);
        var before = state.current();
        var detail = KeyDetail.of(before);
        var expires = state.policy() instanceof RotationPolicy policy
                ? policy.expiryTime().map(time -> time.after(situation.now()))
                : Optional.<Instant>empty();
        var next = new NewKey(
                Optional.empty(),
                new Attributes(
                        true, Optional.empty(), expires, before.attributes().tags()),
                detail.exportable(),
                detail.releasePolicy());
        return NewKey.added(
                situation, id, state, situation.keys().generate(detail.spec()), next, detail.operations(), rotate);
    }
}
