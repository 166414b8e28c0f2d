package dev.kluis.vault.key;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.object.ObjectVersion;

/** What a decision on a key does with the keys themselves. */
public interface Keys {

    /** A new key, which the caller closes; the same one at every attempt of an operation. */
    MadeKey generate(KeySpec spec);

    /** A key that the caller of the operation brings; closed by who gets it. */
    MadeKey importJwk(JwkMembers members) throws KeyRefusedException;

    /**
     * Computes with a version that is there.
     *
     * @param whole with its private part or symmetric key, and not with its public part alone
     */
    <R> R with(ObjectVersion version, boolean whole, Work<R> work) throws KeyRefusedException;

    /** What is computed; the key is not kept. */
    @FunctionalInterface
    interface Work<R> {
        R with(OpenKey key) throws KeyRefusedException;
    }
}
