package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenCheckpoint;
import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.Projection.Quarantined;
import dev.kluis.vault.VaultOperations.VaultRetireKeys;
import dev.kluis.vault.store.ConflictException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Seals anew what is still sealed under a data key of before a rotation. How far it has come is nowhere but in the records
 * themselves, so that it can be stopped at any time and goes on by being called again.
 */
public final class Resealing {

    private final Records records;
    private final ObjectWrites writes;

    Resealing(Records records, ObjectWrites writes) {
        this.records = records;
        this.writes = writes;
    }

    /**
     * How far the rotation of a vault's keys has come.
     *
     * @param generation of the newest data key, from 1 on
     * @param behind records that are still sealed under an older one
     * @param rotating whether older keys are still kept
     * @param retirable from this instant on they may go, once nothing is behind
     */
    public record Progress(int generation, int behind, boolean rotating, Instant retirable) {}

    /** Of a vault that is there and readable. */
    public Optional<Progress> progress(VaultId vault) {
        return records.vaultIfReadable(vault)
                .map(entry -> entry.record().state())
                .map(state -> new Progress(
                        state.dataKeys().lastKey(),
                        state.dataKeys().size() == 1 ? 0 : behind(vault).size(),
                        state.dataKeys().size() > 1,
                        state.recipients().lastEntry().getValue().created().plus(VaultRetireKeys.QUIET)));
    }

    /**
     * Seals some records anew; those that another writer has under way are left for the next time.
     *
     * @param atMost how many
     * @return how many were sealed
     */
    public int advance(VaultId vault, int atMost) {
        var state = records.vaultIfReadable(vault).map(entry -> entry.record().state());
        if (state.isEmpty() || state.get().dataKeys().size() == 1) {
            return 0;
        }
        int done = 0;
        for (var id : behind(vault)) {
            if (done == atMost) {
                break;
            }
            if (records.entry(id).orElse(null) instanceof OpenObject object && reseal(state.get(), id, object)) {
                done++;
            }
        }
        return done;
    }

    private boolean reseal(VaultState vault, ObjectId id, OpenObject object) {
        try {
            records.put(id, writes.reseal(vault, object));
            return true;
        } catch (ConflictException e) {
            records.refresh(id);
            return false;
        } catch (VaultException e) {
            return false; // one that cannot be read keeps the old key, for when it is mended
        }
    }

    /** The objects whose records are not sealed under the newest data key, or cannot be read. */
    List<ObjectId> behind(VaultId vault) {
        int newest = records.vaultIfReadable(vault)
                .map(OpenVault::record)
                .map(record -> record.state().dataKeys().lastKey())
                .orElse(0);
        return records.objects(vault)
                .filter(id -> switch (records.entry(id).orElse(null)) {
                    case OpenObject object -> !object.record().sealedUnder(newest);
                    case OpenCheckpoint checkpoint -> checkpoint.record().generation() != newest;
                    case Quarantined quarantined -> true;
                    case null, default -> false;
                })
                .toList();
    }
}
