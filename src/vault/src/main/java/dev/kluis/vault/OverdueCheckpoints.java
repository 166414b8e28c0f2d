package dev.kluis.vault;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/** Says so, once, when a vault's checkpoints do not come, and when they come again. Guarded by whoever writes them. */
final class OverdueCheckpoints {

    /** A checkpoint may well miss a round, since somebody changes something at that moment. */
    private static final int AFTER_ROUNDS = 5;

    private static final Logger LOG = System.getLogger(OverdueCheckpoints.class.getName());

    private final Map<VaultId, Integer> missed = new HashMap<>();

    void notWritten(VaultId vault) {
        if (missed.merge(vault, 1, Integer::sum) == AFTER_ROUNDS) {
            LOG.log(
                    Level.WARNING,
                    "no checkpoint of vault {0} could be written {1} times in a row: until one is, what is changed could"
                            + " be put back in the store without notice; look whether the store and the sinks of the audit"
                            + " take what is written",
                    vault,
                    AFTER_ROUNDS);
        }
    }

    void written(VaultId vault) {
        var rounds = missed.remove(vault);
        if (rounds != null && rounds >= AFTER_ROUNDS) {
            LOG.log(Level.INFO, "checkpoints of vault {0} are written again", vault);
        }
    }

    void forget(VaultId vault) {
        missed.remove(vault);
    }
}
