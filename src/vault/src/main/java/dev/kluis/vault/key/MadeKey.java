package dev.kluis.vault.key;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import java.util.Optional;

/**
 * A key that was made or brought.
 *
 * @param stored what its record seals
 * @param publicKey absent for a symmetric key, and only then
 */
public record MadeKey(KeySpec spec, SecretBytes stored, Optional<PublicKeyForm> publicKey) implements AutoCloseable {

    /** The same key, closed on its own. */
    public MadeKey copy() {
        return new MadeKey(spec, SecretBytes.owning(stored.reveal(SecretAccess.GRANTED)), publicKey);
    }

    @Override
    public void close() {
        stored.close();
    }
}
