package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.ObjectRecord;
import dev.kluis.vault.record.RecordFormat.SealedValue;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.RecordBytes;
import dev.kluis.vault.store.Store;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts objects into records: small and recent values inside, the others in contents that are written first. */
final class ObjectWrites {

    /** Sealed values in a record have together at most this many bytes; older ones move out. */
    private static final int INLINE_LIMIT = 96 * 1024;

    private final Store store;
    private final RecordFormat format;

    ObjectWrites(Store store, RecordFormat format) {
        this.store = store;
        this.format = format;
    }

    OpenObject write(
            VaultState vault, RecordHeader header, ObjectOperation.Outcome.Put<?> put, Optional<OpenObject> before)
            throws ConflictException {
        var id = header.id();
        var values = new LinkedHashMap<String, SealedValue>();
        var contents = new LinkedHashMap<String, Integer>();
        before.ifPresent(entry -> {
            values.putAll(entry.record().values());
            contents.putAll(entry.record().contents());
        });
        put.values()
                .forEach((version, value) ->
                        values.put(version, format.seal(vault, id, header.incarnation(), version, value)));
        values.keySet().removeIf(version -> put.state().version(version).isEmpty());
        contents.keySet().removeIf(version -> put.state().version(version).isEmpty());
        var state = spill(id, put.state(), values, contents);
        var complete = header.with(put.ownership()).withCommitment(RecordFormat.commitment(vault, id.kind(), state));
        return write(vault, new ObjectRecord(complete, state, values, contents, newest(vault)), before);
    }

    /** The same record with everything in it sealed under the newest data key; its header stays, and so does the chain. */
    OpenObject reseal(VaultState vault, OpenObject object) throws ConflictException {
        var record = object.record();
        var values = new LinkedHashMap<String, SealedValue>();
        var contents = new LinkedHashMap<String, Integer>();
        for (var version : record.state().versions()) {
            try (var value = open(vault, record.header().id(), object, version.id())) {
                var sealed =
                        format.seal(vault, record.header().id(), record.header().incarnation(), version.id(), value);
                if (version.inContent()) {
                    putContent(record.header().id(), version, sealed);
                    contents.put(version.id(), sealed.generation());
                } else {
                    values.put(version.id(), sealed);
                }
            }
        }
        return write(
                vault,
                new ObjectRecord(record.header(), record.state(), values, contents, newest(vault)),
                Optional.of(object));
    }

    private OpenObject write(VaultState vault, ObjectRecord record, Optional<OpenObject> before)
            throws ConflictException {
        var id = record.header().id();
        var stored = store.compareAndSet(id, before.map(OpenObject::tag), encode(vault, record));
        before.ifPresent(entry -> sweep(id, entry.record(), record));
        return new OpenObject(stored.tag(), record);
    }

    private RecordBytes encode(VaultState vault, ObjectRecord record) {
        try {
            return format.write(vault, record.header(), record.state(), record.values(), record.contents());
        } catch (IllegalArgumentException e) {
            throw new VaultException(
                    Code.CONFLICT,
                    record.header().id()
                            + " would be larger than a record can be: fewer versions or shorter tags help");
        }
    }

    private static int newest(VaultState vault) {
        return vault.dataKeys().lastKey();
    }

    /** Moves the oldest values out until the rest fits; the contents are there before the record names them. */
    private ObjectState spill(
            ObjectId id, ObjectState state, Map<String, SealedValue> values, Map<String, Integer> contents) {
        int size = values.values().stream()
                .mapToInt(value -> value.sealed().length)
                .sum();
        var result = state;
        for (var version : state.versions()) {
            var value = values.get(version.id());
            if (size <= INLINE_LIMIT) {
                break;
            }
            if (value != null) {
                putContent(id, version, value);
                values.remove(version.id());
                contents.put(version.id(), value.generation());
                size -= value.sealed().length;
                result = result.replacing(version.movedToContent());
            }
        }
        return result;
    }

    private void putContent(ObjectId id, ObjectVersion version, SealedValue value) {
        store.putContent(id, RecordFormat.contentName(version.id(), value.generation()), value.encode());
    }

    /** Removes the contents that the record no longer names. */
    private void sweep(ObjectId id, ObjectRecord before, ObjectRecord after) {
        var still = contents(after);
        contents(before).stream().filter(name -> !still.contains(name)).forEach(name -> store.deleteContent(id, name));
    }

    /** The names of the contents that a record needs. */
    static Set<String> contents(ObjectRecord record) {
        var names = new HashSet<String>();
        record.contents().forEach((version, generation) -> names.add(RecordFormat.contentName(version, generation)));
        return names;
    }

    /** The value of a version, which the caller closes. */
    SecretBytes open(VaultState vault, ObjectId id, OpenObject object, String versionId) {
        var record = object.record();
        try {
            var sealed = record.contents().containsKey(versionId)
                    ? content(
                            id,
                            RecordFormat.contentName(
                                    versionId, record.contents().get(versionId)))
                    : record.values().get(versionId);
            if (sealed == null) {
                throw new MalformedRecordException("the value of version " + versionId + " is not there");
            }
            return format.open(vault, record.header(), record.state(), versionId, sealed);
        } catch (MalformedRecordException e) {
            throw new VaultException(Code.UNREADABLE, id + " cannot be read: " + e.getMessage());
        }
    }

    private SealedValue content(ObjectId id, String name) throws MalformedRecordException {
        return SealedValue.decode(store.readContent(id, name)
                .orElseThrow(() -> new MalformedRecordException("the content " + name + " is not there")));
    }
}
