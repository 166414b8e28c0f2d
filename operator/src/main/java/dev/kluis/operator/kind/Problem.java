package dev.kluis.operator.kind;

import dev.kluis.vault.VaultException;

/** A step could not be done for a reason that the resource's status tells. */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public Problem(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Readiness readiness() {
        return new Readiness(reason, String.valueOf(getMessage()));
    }

    /** What the engine refused, in the words of conditions. */
    public static Problem of(VaultException refused) {
        var reason = switch (refused.code()) {
            case FORBIDDEN -> Reason.VaultNotShared;
            case NOT_FOUND -> Reason.VaultNotFound;
            case BAD_PARAMETER -> Reason.InvalidValue;
            case OWNED_BY_ANOTHER -> Reason.OwnedByAnother;
            case UNREADABLE -> Reason.RecordUnreadable;
            case CONFLICT, DELETED, DISABLED, OPERATION_FORBIDDEN, NOT_YET_VALID, EXPIRED, MANAGED -> Reason.Conflict;
            case SEALED -> Reason.Sealed;
        };
        return new Problem(reason, String.valueOf(refused.getMessage()));
    }
}
