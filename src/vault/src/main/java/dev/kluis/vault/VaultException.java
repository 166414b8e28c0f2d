package dev.kluis.vault;

/**
 * An operation was refused, through the caller's fault or the state of the vault; repeating it unchanged does not help.
 * Code and message are meant for the caller and hold no secret. What is Kluis's or the store's fault is another
 * exception.
 */
public final class VaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A stable reason, for machines. */
    public enum Code {
        /** Not allowed, not there or not shared: the same to who may not know. */
        FORBIDDEN,
        /** The caller may know: it is not there. */
        NOT_FOUND,
        /** The input breaks a rule that the message names. */
        BAD_PARAMETER,
        /** The object, or its version, is disabled. */
        DISABLED,
        /** What the key is not for: {@code key_ops}, or a release that nothing here can vouch for. */
        OPERATION_FORBIDDEN,
        /** Before its {@code nbf} a key does not do this, nor does a secret prove a client. */
        NOT_YET_VALID,
        /** After its {@code exp} a key does not do this, nor does a secret prove a client. */
        EXPIRED,
        /** It belongs to a certificate, by which alone it is changed. */
        MANAGED,
        /** Deleted, and may be recovered until its purge. */
        DELETED,
        /** Another resource made the object. */
        OWNED_BY_ANOTHER,
        /** The state does not allow it, such as a purge under purge protection. */
        CONFLICT,
        /** The stored record was changed from outside or damaged. */
        UNREADABLE,
        /** The root key is not there: nothing can be served. */
        SEALED
    }

    private final Code code;

    public VaultException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
