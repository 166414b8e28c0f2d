package dev.kluis.vault;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.audit.AuditTrail;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.key.HotKeys;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.store.ConflictException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Has operations on objects decide over what is there, and writes what they decide. */
final class ObjectRuns {

    private final Records records;
    private final ObjectWrites writes;
    private final AuditTrail trail;
    private final ObjectBlob blobs;
    private final Authorization authorization;
    private final KeyBackend backend;
    private final HotKeys hot;
    private final Supplier<String> ids;

    /** @param ids makes 32 hex characters */
    ObjectRuns(
            Records records,
            ObjectWrites writes,
            AuditTrail trail,
            ObjectBlob blobs,
            Authorization authorization,
            KeyBackend backend,
            HotKeys hot,
            Supplier<String> ids) {
        this.records = records;
        this.writes = writes;
        this.trail = trail;
        this.blobs = blobs;
        this.authorization = authorization;
        this.backend = backend;
        this.hot = hot;
        this.ids = ids;
    }

    <R> R run(ObjectOperation<R> operation, Asked asked) throws ConflictException {
        var id = operation.target();
        long changes = hot.changes();
        var vault = vaultOf(id.vault());
        var there = records.object(id);
        var live = there.filter(entry -> !Records.purged(entry));
        asked.requireAllowedOn(Asked.resolved(
                Optional.of(vault), live.map(entry -> entry.record().header())));
        ObjectOperation.Values values = version -> writes.open(vault, id, live.orElseThrow(), version);
        var outcome = decide(
                operation,
                there,
                new ObjectOperation.Situation(
                        asked.caller(),
                        asked.now(),
                        vault,
                        live.map(ObjectRuns::existing),
                        ids,
                        value -> RecordFormat.commitment(vault, value),
                        values,
                        there.flatMap(entry -> purgedAt(entry.record().state())),
                        blobs,
                        new KeyAccess(
                                backend,
                                hot,
                                asked.made(),
                                changes,
                                live.map(entry -> entry.record().header()),
                                values)));
        if (outcome instanceof ObjectOperation.Outcome.Put<R> put) {
            try {
                var before = there.map(entry -> entry.record().header());
                trail.beforeWrite(id.vault(), asked.operationId(), before);
                var next = asked.header(before, live.isPresent(), operation, ids);
                var header = put.incarnation().map(next::as).orElse(next);
                records.put(id, writes.write(vault, header, put, there));
            } finally {
                if (!operation.keepsValues()) {
                    put.values().values().forEach(SecretBytes::close);
                }
            }
        }
        return outcome.answer();
    }

    private <R> ObjectOperation.Outcome<R> decide(
            ObjectOperation<R> operation, Optional<OpenObject> there, ObjectOperation.Situation situation)
            throws ConflictException {
        try {
            return operation.decide(situation);
        } catch (VaultException e) {
            if (e.code() == Code.UNREADABLE) {
                // A content goes when the record that named it is replaced; then there is a newer one to read.
                records.refresh(operation.target());
                if (!records.object(operation.target()).equals(there)) {
                    throw new ConflictException("it was changed while it was read");
                }
            }
            throw e;
        }
    }

    private static Optional<Instant> purgedAt(ObjectState state) {
        return state.lifecycle() instanceof Lifecycle.Purged(Instant purged) ? Optional.of(purged) : Optional.empty();
    }

    <R> R run(Caller caller, ListOperation<R> operation, Moment now) {
        var visible = authorization.visible(caller, operation.action(), now.wall());
        return operation.decide(name -> records.objectsAfter(operation.vault(), operation.kind(), name)
                .filter(object -> visible.test(object.record().header()))
                .map(ObjectRuns::existing));
    }

    private static ObjectOperation.Existing existing(OpenObject object) {
        return new ObjectOperation.Existing(
                object.record().header(), object.record().state());
    }

    private VaultState vaultOf(VaultId id) {
        return records.vault(id)
                .filter(entry -> !Records.purged(entry))
                .map(entry -> entry.record().state())
                .orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no vault " + id));
    }
}
