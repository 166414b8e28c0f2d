package dev.kluis.vault.store;

import dev.kluis.vault.ObjectId;

/** What a watch tells. */
public sealed interface Change {

    /** A record is there, new or changed. */
    record Put(Stored stored) implements Change {}

    /** A record is gone. */
    record Gone(ObjectId id) implements Change {}

    /**
     * A stored resource cannot even be told apart as a record of this key; the engine quarantines the object.
     *
     * @param id the key that it lies under
     * @param why for the operator of the cluster; holds no content
     */
    record Malformed(ObjectId id, String why) implements Change {}

    /** All that was there when the watch began has been told. */
    record Synced() implements Change {}
}
