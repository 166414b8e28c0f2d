package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import dev.kluis.vault.audit.AuditTrail;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.store.ConflictException;
import java.util.Optional;
import java.util.function.Supplier;

/** Has operations on vaults decide over what is there, and does what they decide. */
final class VaultRuns {

    private final Records records;
    private final VaultWrites writes;
    private final AuditTrail trail;
    private final Checkpoints checkpoints;
    private final Resealing resealing;
    private final KeyBackend backend;
    private final Supplier<String> ids;

    /** @param ids makes 32 hex characters */
    VaultRuns(
            Records records,
            VaultWrites writes,
            AuditTrail trail,
            Checkpoints checkpoints,
            Resealing resealing,
            KeyBackend backend,
            Supplier<String> ids) {
        this.records = records;
        this.writes = writes;
        this.trail = trail;
        this.checkpoints = checkpoints;
        this.resealing = resealing;
        this.backend = backend;
        this.ids = ids;
    }

    <R> R run(VaultOperation<R> operation, Asked asked) throws ConflictException {
        var id = operation.vault();
        var there = operation instanceof VaultAcceptRestore ? Optional.<OpenVault>empty() : records.vault(id);
        var live = there.filter(entry -> !Records.purged(entry));
        if (!(operation instanceof VaultAcceptRestore)) {
            asked.requireAllowedOn(
                    Asked.resolved(live.map(entry -> entry.record().state()), Optional.empty()));
        }
        var outcome = operation.decide(new VaultOperation.Situation(
                asked.now(),
                live.map(entry -> VaultWrites.existing(entry.record())),
                records::nameTaken,
                records.empty(id),
                () -> resealing.behind(id).size(),
                backend::randomBytes));
        switch (outcome) {
            case VaultOperation.Outcome.Answer<R> answer -> {}
            case VaultOperation.Outcome.Accept<R> accept -> {
                checkpoints.accept(id);
                records.tellAll(id);
            }
            case VaultOperation.Outcome.Put<R> put -> write(operation, put, there, asked);
        }
        return outcome.answer();
    }

    private void write(
            VaultOperation<?> operation, VaultOperation.Outcome.Put<?> put, Optional<OpenVault> there, Asked asked)
            throws ConflictException {
        var id = operation.vault();
        boolean gone = there.filter(Records::purged).isPresent();
        var before = there.map(entry -> entry.record().header());
        trail.beforeWrite(id, asked.operationId(), before);
        var header = asked.header(before, there.isPresent() && !gone, operation, ids);
        if (gone) {
            writes.removeObjects(id);
            checkpoints.renew(id);
        }
        if (put.lifecycle() instanceof Lifecycle.Purged) {
            writes.beforeKeysGo(id);
        }
        records.put(ObjectId.vault(id), writes.write(header, put, there));
        if (put.lifecycle() instanceof Lifecycle.Purged) {
            removeObjects(id);
        }
    }

    /** What stays is of no use to anybody, and goes before the vault is made again. */
    private void removeObjects(VaultId purged) {
        try {
            writes.removeObjects(purged);
        } catch (ConflictException | AuditUnavailableException e) {
            return; // another one removes them, or they go when the vault is made again
        }
    }
}
