package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Projection.OpenSecret;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.SealedValue;
import dev.kluis.vault.record.RecordFormat.SecretRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.secret.Secret;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.RecordBytes;
import dev.kluis.vault.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Puts secrets into records: small and recent values inside, the others in contents that are written first. */
final class SecretWrites {

    /** Sealed values in a record have together at most this many bytes; older ones move out. */
    private static final int INLINE_LIMIT = 96 * 1024;

    private final Store store;
    private final RecordFormat format;

    SecretWrites(Store store, RecordFormat format) {
        this.store = store;
        this.format = format;
    }

    OpenSecret write(
            VaultState vault, RecordHeader header, SecretOperation.Outcome.Put<?> put, Optional<OpenSecret> before)
            throws ConflictException {
        var id = header.id();
        var values = new LinkedHashMap<String, SealedValue>();
        before.ifPresent(entry -> values.putAll(entry.record().values()));
        put.values()
                .forEach((version, value) ->
                        values.put(version, format.seal(vault, id, header.incarnation(), version, value)));
        values.keySet().removeIf(version -> put.state().version(version).isEmpty());
        var state = spill(id, put.state(), values);
        var complete = header.with(put.ownership()).withCommitment(RecordFormat.commitment(vault, state));
        var stored = store.compareAndSet(id, before.map(OpenSecret::tag), encode(vault, complete, state, values));
        before.ifPresent(entry -> sweep(id, entry.record().state(), state));
        return new OpenSecret(
                stored.tag(),
                new SecretRecord(
                        complete, state, Map.copyOf(values), vault.dataKeys().lastKey()));
    }

    private RecordBytes encode(VaultState vault, RecordHeader header, Secret state, Map<String, SealedValue> values) {
        try {
            return format.write(vault, header, state, values);
        } catch (IllegalArgumentException e) {
            throw new VaultException(
                    Code.CONFLICT,
                    header.id() + " would be larger than a record can be: fewer versions or shorter tags help");
        }
    }

    /** Moves the oldest values out until the rest fits; the contents are there before the record names them. */
    private Secret spill(ObjectId id, Secret state, Map<String, SealedValue> values) {
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
                store.putContent(id, version.id(), value.encode());
                values.remove(version.id());
                size -= value.sealed().length;
                result = result.replacing(version.movedToContent());
            }
        }
        return result;
    }

    /** Removes the contents of versions that are gone, after the record no longer names them. */
    private void sweep(ObjectId id, Secret before, Secret after) {
        before.versions().stream()
                .filter(version ->
                        version.inContent() && after.version(version.id()).isEmpty())
                .forEach(version -> store.deleteContent(id, version.id()));
    }

    /** The value of a version, which the caller closes. */
    SecretBytes open(VaultState vault, ObjectId id, OpenSecret secret, String versionId) {
        var version = secret.record().state().version(versionId).orElseThrow();
        try {
            var sealed = version.inContent()
                    ? content(id, versionId)
                    : secret.record().values().get(versionId);
            if (sealed == null) {
                throw new MalformedRecordException("the value of version " + versionId + " is not there");
            }
            return format.open(vault, secret.record().header(), secret.record().state(), versionId, sealed);
        } catch (MalformedRecordException e) {
            throw new VaultException(Code.UNREADABLE, id + " cannot be read: " + e.getMessage());
        }
    }

    private SealedValue content(ObjectId id, String version) throws MalformedRecordException {
        return SealedValue.decode(store.readContent(id, version)
                .orElseThrow(
                        () -> new MalformedRecordException("the content of version " + version + " is not there")));
    }
}
