package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;

/** A version of a key, without its private part. */
public record KeyView(ObjectId id, ObjectVersion version, boolean managed) {

    static KeyView of(ObjectId id, ObjectState state, ObjectVersion version) {
        return new KeyView(id, version, state.managed());
    }

    public KeyDetail detail() {
        return KeyDetail.of(version);
    }
}
