package dev.kluis.vault;

/** What an operation was about, for the audit: a vault, an object in one, or the whole installation. */
public sealed interface AuditTarget permits ObjectId, AuditTarget.Installation {

    /** What is there once in an installation. */
    enum Installation implements AuditTarget {
        /** What protects the root key, and with it all vaults. */
        SEAL;

        /** In a line of the audit; no vault is called so, since those have a slash. */
        public static final String SEAL_ID = "seal";
    }
}
