package dev.kluis.vault.seal;

import dev.kluis.crypto.SecretBytes;

/** A key that is somewhere else and wraps other keys there. */
public interface RemoteKey {

    /**
     * What came of wrapping.
     *
     * @param by with its version
     * @param algorithm such as {@code RSA-OAEP-256} (RFC 7518 §4.3)
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Wrapped(RemoteKeyId by, String algorithm, byte[] bytes) {}

    /** Of which this is one version, or any. */
    RemoteKeyId id();

    /**
     * By the version of the id, or by the current one.
     *
     * @param key stays the caller's
     */
    Wrapped wrap(SecretBytes key) throws RemoteKeyException;

    /**
     * By the version that wrapped it, whichever is the current one.
     *
     * @return which the caller closes
     */
    SecretBytes unwrap(Wrapped wrapped) throws RemoteKeyException;
}
