package dev.kluis.vault;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a vault's owner decides.
 *
 * @param retentionDays 7 to 365, fixed at creation: how long what is deleted stays recoverable
 * @param purgeProtection nobody purges before the date; once true, never false
 * @param sharedWith namespaces whose resources may make objects of their own here, at most 256
 * @param offline how long nodes may serve what they hold while the operator is away; absent is not at all
 */
public record VaultSettings(
        int retentionDays, boolean purgeProtection, SortedSet<String> sharedWith, Optional<Duration> offline) {

    public static final int MIN_RETENTION_DAYS = 7;
    public static final int MAX_RETENTION_DAYS = 365;
    public static final int DEFAULT_RETENTION_DAYS = 90;
    public static final int MAX_SHARED_WITH = 256;

    public VaultSettings {
        if (retentionDays < MIN_RETENTION_DAYS || retentionDays > MAX_RETENTION_DAYS) {
            throw new VaultException(
                    VaultException.Code.BAD_PARAMETER, "retention must be P7D to P365D, not P" + retentionDays + "D");
        }
        if (sharedWith.size() > MAX_SHARED_WITH) {
            throw new VaultException(
                    VaultException.Code.BAD_PARAMETER,
                    "a vault is shared with at most " + MAX_SHARED_WITH + " namespaces");
        }
        sharedWith = Collections.unmodifiableSortedSet(new TreeSet<>(sharedWith));
    }

    public Duration retention() {
        return Duration.ofDays(retentionDays);
    }

    /** @throws VaultException when this vault may not change to these settings */
    void requireMayBecome(VaultSettings next) {
        if (next.retentionDays != retentionDays) {
            throw new VaultException(
                    VaultException.Code.CONFLICT,
                    "retention is fixed at creation: this vault has P" + retentionDays + "D");
        }
        if (purgeProtection && !next.purgeProtection) {
            throw new VaultException(
                    VaultException.Code.CONFLICT, "purge protection cannot be turned off once it is on");
        }
    }
}
