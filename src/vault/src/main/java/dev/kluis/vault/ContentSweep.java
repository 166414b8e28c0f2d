package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenCheckpoint;
import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.store.Store;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Removes contents that no record names: what a kill between a content and its record leaves behind. A content is removed
 * when two sweeps in a row found it to be an orphan, since a record that names it may be on its way; and none is while any
 * record cannot be read, since that may name any.
 */
public final class ContentSweep {

    private final Store store;
    private final Records records;
    private Set<String> orphans = Set.of();

    ContentSweep(Store store, Records records) {
        this.store = store;
        this.records = records;
    }

    /**
     * To be called with minutes in between.
     *
     * @return how many were removed
     */
    public synchronized int sweep() {
        var there = store.listContents();
        var needed = needed();
        if (needed.isEmpty()) {
            orphans = Set.of();
            return 0;
        }
        there.removeAll(needed.get());
        var before = orphans;
        var gone = there.stream().filter(before::contains).toList();
        gone.forEach(store::deleteContent);
        gone.forEach(there::remove);
        orphans = there;
        return gone.size();
    }

    /** The names of all contents that records need; absent when not all records can be read. */
    private Optional<Set<String>> needed() {
        var names = new HashSet<String>();
        for (var vault : records.vaults().toList()) {
            for (var id : records.objects(vault).toList()) {
                switch (records.entry(id).orElse(null)) {
                    case OpenObject object ->
                        ObjectWrites.contents(object.record())
                                .forEach(content -> names.add(store.contentName(id, content)));
                    case OpenCheckpoint checkpoint ->
                        CheckpointMarks.contents(checkpoint.record().state().marks())
                                .forEach(content -> names.add(store.contentName(id, content)));
                    case OpenVault open -> {}
                    case null, default -> {
                        if (!records.purged(vault)) {
                            return Optional.empty();
                        }
                    }
                }
            }
        }
        return Optional.of(names);
    }
}
