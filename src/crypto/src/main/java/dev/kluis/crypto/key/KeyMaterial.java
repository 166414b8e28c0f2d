package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored: the secret form and, for an asymmetric one, the public form. Made by generating, importing or
 * reading, so its parts belong together.
 *
 * <p>Secret form: PKCS #8 in DER (RFC 5958; for ML-DSA the seed alone, RFC 9881 §6) for asymmetric keys, the raw bytes for
 * symmetric ones. Zeroed by {@link #close}.
 */
public final class KeyMaterial implements AutoCloseable {

    private final KeySpec spec;
    private final SecretBytes stored;
    private final @Nullable PublicKeyForm publicKey;

    KeyMaterial(KeySpec spec, SecretBytes stored, @Nullable PublicKeyForm publicKey) {
        this.spec = spec;
        this.stored = stored;
        this.publicKey = publicKey;
    }

    public KeySpec spec() {
        return spec;
    }

    /** A copy of the secret form, which the caller closes. */
    public SecretBytes reveal(SecretAccess access) {
        return SecretBytes.owning(stored.reveal(access));
    }

    /** The secret form as an array, which the caller zeroes. */
    byte[] reveal() {
        return stored.reveal(SecretAccess.GRANTED);
    }

    /** @throws IllegalStateException for a symmetric key */
    PublicKeyForm requirePublic() {
        return publicKey().orElseThrow(() -> new IllegalStateException("a symmetric key has no public part"));
    }

    /** Empty for a symmetric key, and only then. */
    public Optional<PublicKeyForm> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    @Override
    public void close() {
        stored.close();
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + spec.text() + "]";
    }
}
