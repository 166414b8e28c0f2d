package dev.kluis.operator.identity;

/** A token did not prove who calls. The message is meant for the caller and quotes nothing of the token. */
public final class AuthenticationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What helps. */
    public enum Kind {
        /** Another token. */
        REFUSED,
        /** Another access token, which the token endpoint gives. */
        STALE,
        /** The same token later: too many are being reviewed. */
        BUSY,
        /** The same token later: the API server does not answer. */
        UNAVAILABLE
    }

    private final Kind kind;

    public AuthenticationException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
