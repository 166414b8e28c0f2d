package dev.kluis.vault;

import dev.kluis.vault.secret.SecretOperations.SecretPurge;
import java.util.function.BiConsumer;

/** Purges what is due, by the date alone. Called again and again; stopping it in the middle loses nothing. */
public final class Clockwork {

    private final Vault vault;
    private final BiConsumer<ObjectId, RuntimeException> failed;

    /** @param failed is told what could not be purged now; the rest goes on */
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
            if (one.id().kind() == ObjectKind.SECRET
                    && (Purging.due(one.lifecycle(), now)
                            || dueVaults.contains(one.id().vault()))) {
                purged += purge(one.id(), new SecretPurge(one.id()));
            }
        }
        for (var due : dueVaults) {
            purged += purge(ObjectId.vault(due), new VaultOperations.VaultPurge(due));
        }
        return purged;
    }

    private int purge(ObjectId id, Operation<?> operation) {
        try {
            vault.execute(new Caller.Clockwork(), operation);
            return 1;
        } catch (RuntimeException e) {
            failed.accept(id, e);
            return 0;
        }
    }
}
