package dev.kluis.vault.object;

import java.time.Instant;

/**
 * A version of an object, without its value.
 *
 * @param id 32 lower-case hex characters
 * @param detail what only its kind has
 * @param length of the value, in bytes
 * @param commitment 64 hex characters: the vault's keyed commitment to the value
 * @param inContent the value lies in a content beside the record, not in it
 */
public record ObjectVersion(
        String id,
        Instant created,
        Instant updated,
        Attributes attributes,
        VersionDetail detail,
        int length,
        String commitment,
        boolean inContent) {

    public ObjectVersion with(Attributes changed, VersionDetail with, Instant now) {
        return new ObjectVersion(id, created, now, changed, with, length, commitment, inContent);
    }

    public ObjectVersion with(VersionDetail with) {
        return new ObjectVersion(id, created, updated, attributes, with, length, commitment, inContent);
    }

    /** The same version after its value was moved out of the record. */
    public ObjectVersion movedToContent() {
        return new ObjectVersion(id, created, updated, attributes, detail, length, commitment, true);
    }
}
