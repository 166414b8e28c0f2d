package dev.kluis.vault.store;

import dev.kluis.vault.ObjectId;

/**
 * A record as it lies in the store.
 *
 * @param id the key that it lies under, which the record's own header must confirm
 * @param tag changes with every write; opaque
 */
public record Stored(ObjectId id, String tag, RecordBytes bytes) {}
