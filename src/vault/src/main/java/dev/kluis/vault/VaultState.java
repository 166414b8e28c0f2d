package dev.kluis.vault;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import java.util.Optional;
import java.util.SortedMap;

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

    /** The key pair of an id. */
    public Optional<RecipientKeyPair> recipient(String id) {
        return recipients.values().stream()
                .map(VaultRecipient::keys)
                .filter(keys -> keys.publicKey().id().equals(id))
                .findFirst();
    }
}
