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

    /**
     * Raises the numbers of these vaults and leaves the others. A number that is lower than the one that is there comes late,
     * from a process that was away, and changes nothing; but 0 forgets a vault that was given up.
     */
    void write(Map<VaultId, Long> numbers);
}
