package dev.kluis.vault;

/**
 * What stands between a deletion and the end of an object, in the words of Key Vault's {@code recoveryLevel}. Vaults here
 * always delete softly and no subscription ends beneath them, so four of the seven occur.
 */
public enum RecoveryLevel {
    /** Deleted is gone. */
    PURGEABLE("Purgeable"),
    /** Recoverable for 90 days or more, unless it is purged. */
    RECOVERABLE_PURGEABLE("Recoverable+Purgeable"),
    /** Recoverable for 90 days or more; nobody can purge it before. */
    RECOVERABLE("Recoverable"),
    /** As {@link #RECOVERABLE}, and the subscription cannot be cancelled. */
    RECOVERABLE_PROTECTED_SUBSCRIPTION("Recoverable+ProtectedSubscription"),
    /** Recoverable for 7 to 89 days, unless it is purged. */
    CUSTOMIZED_RECOVERABLE_PURGEABLE("CustomizedRecoverable+Purgeable"),
    /** Recoverable for 7 to 89 days; nobody can purge it before. */
    CUSTOMIZED_RECOVERABLE("CustomizedRecoverable"),
    /** As {@link #CUSTOMIZED_RECOVERABLE}, and the subscription cannot be cancelled. */
    CUSTOMIZED_RECOVERABLE_PROTECTED_SUBSCRIPTION("CustomizedRecoverable+ProtectedSubscription");

    private final String text;

    RecoveryLevel(String text) {
        this.text = text;
    }

    /** Of the objects of a vault with these settings. */
    public static RecoveryLevel of(VaultSettings settings) {
        boolean customized = settings.retentionDays() < VaultSettings.DEFAULT_RETENTION_DAYS;
        if (settings.purgeProtection()) {
            return customized ? CUSTOMIZED_RECOVERABLE : RECOVERABLE;
        }
        return customized ? CUSTOMIZED_RECOVERABLE_PURGEABLE : RECOVERABLE_PURGEABLE;
    }

    /** As Key Vault writes it. */
    @Override
    public String toString() {
        return text;
    }
}
