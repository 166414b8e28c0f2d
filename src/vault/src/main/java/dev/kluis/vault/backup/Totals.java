package dev.kluis.vault.backup;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.Reader;
import dev.kluis.vault.record.Writer;

/**
 * The end of a backup: what is in it.
 *
 * @param objects how many, deleted ones too
 * @param deleted of those, the ones that are softly deleted
 * @param versions of all objects
 * @param unreadable objects that were left out since their records could not be trusted
 * @param digest SHA-256 over all of the payload before the end, 64 hex characters
 */
public record Totals(int objects, int deleted, int versions, int unreadable, String digest) {

    Writer encode() {
        return new Writer()
                .u32(objects)
                .u32(deleted)
                .u32(versions)
                .u32(unreadable)
                .hex(digest);
    }

    static Totals decode(byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var totals = new Totals(in.u32(), in.u32(), in.u32(), in.u32(), in.hex(32));
        in.end();
        return totals;
    }

    Totals and(ObjectSnapshot object) {
        return new Totals(
                objects + 1,
                deleted + (object.lifecycle() instanceof Lifecycle.Deleted ? 1 : 0),
                versions + object.versions().size(),
                unreadable,
                digest);
    }

    Totals ending(int leftOut, String digestOfAll) {
        return new Totals(objects, deleted, versions, leftOut, digestOfAll);
    }

    static Totals none() {
        return new Totals(0, 0, 0, 0, "");
    }
}
