package dev.kluis.vault;

/** What an operation was about, for the audit: a vault, an object in one, the whole installation, or a token. */
public sealed interface AuditTarget permits ObjectId, AuditTarget.Installation, AuditTarget.TokenClient {

    /** What is there once in an installation. */
    enum Installation implements AuditTarget {
        /** What protects the root key, and with it all vaults. */
        SEAL;

        /** In a line of the audit; no vault is called so, since those have a slash. */
        public static final String SEAL_ID = "seal";
    }

    /**
     * Who asks for an access token.
     *
     * @param id what the client calls itself, an attacker's text; empty where it says nothing
     */
    record TokenClient(String id) implements AuditTarget {

        /** In a line of the audit, as {@link Installation#SEAL_ID} is. */
        public static final String TOKENS_ID = "tokens";
        /** Before the id, in place of an object. */
        public static final String COLLECTION = "clients/";
    }
}
