package dev.kluis.vault.store;

import dev.kluis.vault.VaultId;
import java.util.Map;

/**
 * How far each vault's checkpoints had come, kept outside of the store, so that a store which was put back as a whole is
 * told from one that was not. It holds no secret. Any method may throw {@link StoreUnavailableException}.
 */
public interface Anchor {

    /** The number of the newest checkpoint of each vault; empty where none was ever written. */
    Map<VaultId, Long> read();

    /** Sets the numbers of these vaults and leaves the others. */
    void write(Map<VaultId, Long> numbers);
}
