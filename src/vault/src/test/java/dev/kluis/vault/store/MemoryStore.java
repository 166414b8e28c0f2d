package dev.kluis.vault.store;

import dev.kluis.vault.ObjectId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A store in memory, for tests: it keeps the contract and tells changes before a write returns. */
public final class MemoryStore implements Store {

    private record ContentKey(ObjectId id, String version) {}

    private final Map<ObjectId, Stored> records = new LinkedHashMap<>();
    private final Map<ContentKey, byte[]> contents = new HashMap<>();
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private long tags;

    @Override
    public synchronized Optional<Stored> read(ObjectId id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public synchronized Stored compareAndSet(ObjectId id, Optional<String> expected, RecordBytes bytes)
            throws ConflictException {
        requireTag(id, expected);
        var stored = new Stored(id, Long.toString(++tags), bytes);
        records.put(id, stored);
        tell(new Change.Put(stored));
        return stored;
    }

    @Override
    public synchronized void delete(ObjectId id, String expected) throws ConflictException {
        requireTag(id, Optional.of(expected));
        records.remove(id);
        tell(new Change.Gone(id));
    }

    private void requireTag(ObjectId id, Optional<String> expected) throws ConflictException {
        if (!expected.equals(read(id).map(Stored::tag))) {
            throw new ConflictException("another record is there");
        }
    }

    @Override
    public synchronized void putContent(ObjectId id, String version, byte[] sealed) {
        contents.putIfAbsent(new ContentKey(id, version), sealed.clone());
    }

    @Override
    public synchronized Optional<byte[]> readContent(ObjectId id, String version) {
        return Optional.ofNullable(contents.get(new ContentKey(id, version)));
    }

    @Override
    public synchronized void deleteContent(ObjectId id, String version) {
        contents.remove(new ContentKey(id, version));
    }

    @Override
    public String contentName(ObjectId id, String version) {
        return id + " " + version;
    }

    @Override
    public synchronized Set<String> listContents() {
        var names = new HashSet<String>();
        contents.keySet().forEach(key -> names.add(contentName(key.id(), key.version())));
        return names;
    }

    @Override
    public synchronized void deleteContent(String name) {
        contents.keySet().removeIf(key -> contentName(key.id(), key.version()).equals(name));
    }

    @Override
    public synchronized Watching watch(Consumer<Change> listener) {
        records.values().forEach(stored -> listener.accept(new Change.Put(stored)));
        listener.accept(new Change.Synced());
        listeners.add(listener);
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }

    /** How many contents there are. */
    public synchronized int contentCount() {
        return contents.size();
    }

    /** The versions of all contents. */
    public synchronized Set<String> contentVersions() {
        var versions = new HashSet<String>();
        contents.keySet().forEach(key -> versions.add(key.version()));
        return versions;
    }

    /** The records as they were once. */
    public record Snapshot(List<Stored> records) {}

    public synchronized Snapshot snapshot() {
        return new Snapshot(List.copyOf(records.values()));
    }

    /** Makes the records what they were once, as a restore of the whole store does. */
    public synchronized void putBack(Snapshot snapshot) {
        for (var id : List.copyOf(records.keySet())) {
            steal(id);
        }
        snapshot.records().forEach(stored -> tamper(stored.id(), stored.bytes()));
    }

    /** Changes a record from outside, as an attacker with access to the store would. */
    public synchronized void tamper(ObjectId id, RecordBytes bytes) {
        var stored = new Stored(id, Long.toString(++tags), bytes);
        records.put(id, stored);
        tell(new Change.Put(stored));
    }

    /** Removes a record from outside. */
    public synchronized void steal(ObjectId id) {
        records.remove(id);
        tell(new Change.Gone(id));
    }

    private void tell(Change change) {
        List.copyOf(listeners).forEach(listener -> listener.accept(change));
    }

    @Override
    public void close() {}
}
