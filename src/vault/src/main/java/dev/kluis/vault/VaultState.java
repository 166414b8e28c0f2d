package dev.kluis.vault;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a vault with its keys.
 *
 * @param commitment the key of all commitments, for the vault's whole life
 * @param dataKeys by generation, from 1 on; the last is the one that seals, all open
 * @param recipients by generation, from 1 on; the last is the one to seal values to, all open
 */
public record VaultState(
        VaultSettings settings,
        Lifecycle lifecycle,
        SealingKey commitment,
        SortedMap<Integer, SealingKey> dataKeys,
        SortedMap<Integer, VaultRecipient> recipients) {

    public boolean active() {
        return lifecycle instanceof Lifecycle.Active;
    }

    VaultState with(VaultSettings changed) {
        return new VaultState(changed, lifecycle, commitment, dataKeys, recipients);
    }

    VaultState in(Lifecycle next) {
        return new VaultState(settings, next, commitment, dataKeys, recipients);
    }

    /** With a new data key, which seals from now on, and a new key to seal to; the old ones still open. */
    VaultState rotating(SealingKey dataKey, VaultRecipient recipient) {
        var keys = new TreeMap<>(dataKeys);
        keys.put(dataKeys.lastKey() + 1, dataKey);
        var all = new TreeMap<>(recipients);
        all.put(recipients.lastKey() + 1, recipient);
        return new VaultState(settings, lifecycle, commitment, keys, all);
    }

    /** Without the data keys that nothing is sealed under any more. */
    VaultState retiring() {
        return new VaultState(
                settings, lifecycle, commitment, new TreeMap<>(dataKeys.tailMap(dataKeys.lastKey())), recipients);
    }

    /** With more keys that open; the one to seal to stays the last. */
    VaultState adopting(List<VaultRecipient> adopted) {
        var all = new TreeMap<>(recipients);
        var newest = recipients.lastEntry();
        int generation = newest.getKey();
        for (var one : adopted) {
            all.put(generation++, one);
        }
        all.put(generation, newest.getValue());
        return new VaultState(settings, lifecycle, commitment, dataKeys, all);
    }

    /** The key pair of an id. */
    public Optional<RecipientKeyPair> recipient(String id) {
        return recipients.values().stream()
                .map(VaultRecipient::keys)
                .filter(keys -> keys.publicKey().id().equals(id))
                .findFirst();
    }
}
