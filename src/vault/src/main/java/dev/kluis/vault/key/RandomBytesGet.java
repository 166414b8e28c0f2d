package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectRules;

/**
 * Draws random bytes, which the receiver closes.
 *
 * @param count 1 to 128
 */
public record RandomBytesGet(VaultId vault, int count) implements VaultOperation<SecretBytes> {

    private static final int MAX = 128;

    @Override
    public Action action() {
        return Action.RANDOM_BYTES;
    }

    @Override
    public Outcome<SecretBytes> decide(Situation situation) {
        ObjectRules.require(count >= 1 && count <= MAX, "'count' is 1 to " + MAX);
        situation.existing(vault);
        return new Outcome.Answer<>(situation.random().apply(count));
    }
}
