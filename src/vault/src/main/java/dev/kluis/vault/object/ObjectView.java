package dev.kluis.vault.object;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation.Existing;
import dev.kluis.vault.Ownership;
import java.util.Optional;

/**
 * What is known of an object without its values.
 *
 * @param actor who wrote the record last
 */
public record ObjectView(ObjectId id, ObjectState state, Optional<Ownership> ownership, String actor, long revision) {

    /** An object as it is. */
    public static ObjectView of(Existing existing) {
        return of(existing, existing.state());
    }

    /** An object as it becomes. */
    public static ObjectView of(Existing existing, ObjectState state) {
        var header = existing.header();
        return new ObjectView(header.id(), state, header.ownership(), header.actor(), header.revision());
    }
}
