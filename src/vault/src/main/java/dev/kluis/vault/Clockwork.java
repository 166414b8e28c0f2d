package dev.kluis.vault;

import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultOperations.VaultRetireKeys;
import dev.kluis.vault.key.KeyDates;
import dev.kluis.vault.key.KeyEvents;
import dev.kluis.vault.key.KeyEvents.What;
import dev.kluis.vault.key.KeyNearExpiry;
import dev.kluis.vault.key.KeyRotateIfDue;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Does what only needs time to come: purges what is due, by the date alone, rotates keys by their
 * policies, and goes on with rotations of vaults' keys. Called
 * again and again; stopping it in the middle loses nothing.
 */
public final class Clockwork {

    private static final int RESEALED_AT_ONCE = 1000;

    private final Vault vault;
    private final BiConsumer<ObjectId, RuntimeException> failed;
    private final KeyEvents events;

    /** @param failed is told what could not be done now; the rest goes on */
    public Clockwork(Vault vault, BiConsumer<ObjectId, RuntimeException> failed, KeyEvents events) {
        this.vault = vault;
        this.failed = failed;
        this.events = events;
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

    /**
     * Makes the versions of keys that their policies demand by now, and tells whose end is near or has come. What was parsed
     * of keys too long ago leaves memory.
     *
     * @return how many versions were made
     */
    public int rotateKeys() {
        vault.hotKeys().expire();
        var now = vault.moment().wall();
        int made = 0;
        for (var key : vault.keys().toList()) {
            if (KeyDates.due(KeyDates.rotation(key.state()), now)) {
                made += attempt(key, new KeyRotateIfDue(key.id()), What.NEW_VERSION);
                continue;
            }
            if (KeyDates.due(KeyDates.notice(key.state()), now)) {
                attempt(key, new KeyNearExpiry(key.id()), What.NEAR_EXPIRY);
            }
            if (KeyDates.justExpired(key.state(), now)) {
                events.happened(What.EXPIRED, key, VersionView.current(key));
            }
        }
        return made;
    }

    private int attempt(ObjectView key, Operation<Optional<VersionView>> operation, What what) {
        return attempt(key.id(), operation, done -> done.ifPresent(version -> events.happened(what, key, version)));
    }

    private int attempt(ObjectId id, Operation<?> operation) {
        return attempt(id, operation, done -> {});
    }

    private <R> int attempt(ObjectId id, Operation<R> operation, Consumer<R> then) {
        try {
            then.accept(vault.execute(new Caller.Clockwork(), operation));
            return 1;
        } catch (RuntimeException e) {
            failed.accept(id, e);
            return 0;
        }
    }
}
