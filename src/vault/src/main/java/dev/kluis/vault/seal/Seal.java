package dev.kluis.vault.seal;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import java.util.List;

/** Protects vault keys by the root key, which never leaves it. */
public interface Seal {

    /** The kind, as in configuration and status: {@code kubernetes} or {@code shamir}. */
    String kind();

    /**
     * @param additional authenticated with the key: what the key is for
     * @return an opaque text of at most 4,096 bytes
     */
    byte[] wrap(SealingKey key, byte[] additional);

    /** @throws SealedBytesException when this root did not wrap exactly this key for exactly this use */
    SealingKey unwrap(byte[] wrapped, byte[] additional) throws SealedBytesException;

    /** Whether the newest root wrapped it; what an older one wrapped is to be wrapped anew. */
    boolean current(byte[] wrapped);

    /**
     * Keys for another purpose that come from the roots and from nothing else: HKDF-SHA-256 (RFC 5869), the same at each
     * start.
     *
     * @param purpose a constant of the program, such as {@code audit/checkpoint}
     * @return 32 bytes for each root that is here, the newest last; the caller closes them
     */
    List<SecretBytes> derive(String purpose);
}
