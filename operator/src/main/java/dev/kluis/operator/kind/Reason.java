package dev.kluis.operator.kind;

/** Why a resource is as it is: the {@code reason} of its conditions, the same words on every kind. */
public enum Reason {
    /** All is as declared. */
    Available(State.READY),
    /** The annotation {@code kluis.dev/reconcile: disabled} is there. */
    ReconciliationDisabled(State.READY),
    /** The first value has to come from a client. */
    WaitingForValue(State.RECONCILING),
    /** The store or the API server did not answer, or others write at the same time. */
    Unavailable(State.RECONCILING),
    /** The Service of a vault's host cannot be made. */
    HostUnavailable(State.RECONCILING),
    /** The root key is not there: nothing is served until somebody unseals. */
    Sealed(State.STALLED),
    VaultNotFound(State.STALLED),
    VaultNotShared(State.STALLED),
    /** An assignment names a role that is neither built-in nor a VaultRole of its namespace. */
    RoleNotFound(State.STALLED),
    /** An assignment to a vault in which access policies decide. */
    OtherPermissionModel(State.STALLED),
    OwnedByAnother(State.STALLED),
    /** The vault's DNS name is another's, or the state of the object does not allow it. */
    Conflict(State.STALLED),
    InvalidSpec(State.STALLED),
    /** The operator may not read a Secret that is referred to. */
    SecretNotReadable(State.STALLED),
    SecretNotFound(State.STALLED),
    /** A value is too large or not text. */
    InvalidValue(State.STALLED),
    /** A stored record was changed from outside. */
    RecordUnreadable(State.STALLED),
    Expired(State.STALLED);

    private final State state;

    Reason(State state) {
        this.state = state;
    }

    public State state() {
        return state;
    }

    /** What kstatus makes of it. */
    public enum State {
        /** Current. */
        READY,
        /** In progress: Kluis goes on by itself. */
        RECONCILING,
        /** Failed: somebody must act; Kluis looks again now and then. */
        STALLED
    }
}
