package dev.kluis.operator.vault;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.Vault.Summary;
import java.util.Iterator;

/**
 * How many objects a vault has.
 *
 * @param secrets in use
 * @param keys in use
 * @param deleted of whatever kind, that can be recovered
 */
record ObjectCounts(int secrets, int keys, int deleted) {

    /** Of a vault's summaries, which are looked at one after the other: there may be many. */
    static ObjectCounts of(Iterator<Summary> all) {
        int secrets = 0;
        int keys = 0;
        int deleted = 0;
        while (all.hasNext()) {
            var one = all.next();
            boolean there = one.lifecycle() instanceof Lifecycle.Active;
            switch (one.id().kind()) {
                case SECRET -> secrets += there ? 1 : 0;
                case KEY -> keys += there ? 1 : 0;
                case VAULT, CHECKPOINT -> {
                    continue;
                }
            }
            deleted += there ? 0 : 1;
        }
        return new ObjectCounts(secrets, keys, deleted);
    }
}
