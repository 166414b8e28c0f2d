package dev.kluis.vault.seal;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import java.security.SecureRandom;

/** A seal whose root key is in this process; the kinds differ in where it comes from. */
public final class RootKeySeal implements Seal {

    private final String kind;
    private final SealingKey root;
    private final SecureRandom random;

    public RootKeySeal(String kind, SealingKey root, SecureRandom random) {
        this.kind = kind;
        this.root = root;
        this.random = random;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public byte[] wrap(SealingKey key, byte[] additional) {
        try (var raw = key.reveal(SecretAccess.GRANTED)) {
            return root.seal(raw, additional, random);
        }
    }

    @Override
    public SealingKey unwrap(byte[] wrapped, byte[] additional) throws SealedBytesException {
        return SealingKey.of(root.open(wrapped, additional));
    }
}
