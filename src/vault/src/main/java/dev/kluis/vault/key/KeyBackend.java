package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;

/** What makes keys and computes with them: software, or a pool of hardware modules. Thread-safe. */
public interface KeyBackend {

    /** A new key, which the caller closes. May take seconds. */
    MadeKey generate(KeySpec spec);

    /**
     * A key that somebody brings, which the caller closes.
     *
     * @throws KeyRefusedException when it is of no kind that is offered, or its parts do not belong together
     */
    MadeKey importJwk(JwkMembers members) throws KeyRefusedException;

    /**
     * A private or symmetric key for use, which the caller closes.
     *
     * @param stored as {@link MadeKey} has it; the caller closes it
     * @throws KeyRefusedException when it is no key of exactly this spec
     */
    OpenKey open(KeySpec spec, SecretBytes stored) throws KeyRefusedException;

    /** A public key for use, which the caller closes. */
    OpenKey open(PublicKeyForm key);

    /** @param count 1 to {@value dev.kluis.crypto.key.Primitives#MAX_RANDOM} */
    SecretBytes randomBytes(int count);
}
