package dev.kluis.vault.object;

import dev.kluis.vault.ObjectId;

/**
 * A version of an object, without its value.
 *
 * @param managed whether the object belongs to a certificate
 */
public record VersionView(ObjectId id, ObjectVersion version, boolean managed) {

    /** The current version of an object. */
    public static VersionView current(ObjectView view) {
        return of(view.id(), view.state(), view.state().current());
    }

    public static VersionView of(ObjectId id, ObjectState state, ObjectVersion version) {
        return new VersionView(id, version, state.managed());
    }

    /**
     * What only a key has.
     *
     * @throws IllegalArgumentException when it is not a key's
     */
    public KeyDetail key() {
        return KeyDetail.of(version);
    }
}
