package dev.kluis.vault;

import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultOperations.VaultRetireKeys;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import java.util.function.BiConsumer;

/**
 * Does what only needs time to come: purges what is due, by the date alone, and goes on with rotations of keys. Called
 * again and again; stopping it in the middle loses nothing.
 */
public final class Clockwork {

    private static final int RESEALED_AT_ONCE = 1000;

    private final Vault vault;
    private final BiConsumer<ObjectId, RuntimeException> failed;

    /** @param failed is told what could not be done now; the rest goes on */
    public Clockwork(Vault vault, BiConsumer<ObjectId, RuntimeException> failed) {
        this.vault = vault;
        this.failed = failed;
    }

    /** @return how many objects and vaults were purged */
    public int purgeDue() {
        var now = vault.moment();
        var all = vault.summaries();
        var dueVaults = all.stream()
                .filter(one -> one.id().kind() == ObjectKind.VAULT && Purging.due(one.lifecycle(), now))
                .map(one -> one.id().vault())
                .toList();
        int purged = 0;
        for (var one : all) {
            if (one.id().kind().named()
                    && (Purging.due(one.lifecycle(), now)
                            || dueVaults.contains(one.id().vault()))) {
                purged += attempt(one.id(), new ObjectPurge(one.id()));
            }
        }
        for (var due : dueVaults) {
            purged += attempt(ObjectId.vault(due), new VaultOperations.VaultPurge(due));
        }
        return purged;
    }

    /**
     * Goes on with the rotations of vaults' keys that are under way.
     *
     * @return how many records were sealed anew
     */
    public int reseal() {
        int sealed = 0;
        for (var id : vault.vaults()) {
            var before = vault.resealing().progress(id).filter(Progress::rotating);
            if (before.isPresent()) {
                sealed += vault.resealing().advance(id, RESEALED_AT_ONCE);
                vault.resealing()
                        .progress(id)
                        .filter(now ->
                                now.behind() == 0 && !vault.moment().earliest().isBefore(now.retirable()))
                        .ifPresent(now -> attempt(ObjectId.vault(id), new VaultRetireKeys(id)));
            }
        }
        return sealed;
    }

    private int attempt(ObjectId id, Operation<?> operation) {
        try {
            vault.execute(new Caller.Clockwork(), operation);
            return 1;
        } catch (RuntimeException e) {
            failed.accept(id, e);
            return 0;
        }
    }
}
