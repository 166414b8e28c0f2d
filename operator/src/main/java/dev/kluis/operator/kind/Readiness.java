package dev.kluis.operator.kind;

/**
 * How a resource stands.
 *
 * @param message for people; says what to do where somebody must act; holds no value
 */
public record Readiness(Reason reason, String message) {

    public boolean ready() {
        return reason.state() == Reason.State.READY;
    }
}
