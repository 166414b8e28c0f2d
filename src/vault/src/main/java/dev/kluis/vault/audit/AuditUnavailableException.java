package dev.kluis.vault.audit;

import dev.kluis.vault.AuditTarget;

/** An operation could not be audited and was therefore not begun: trying again later may help. */
public final class AuditUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private AuditUnavailableException(String message) {
        super(message);
    }

    /** @param sink whose queue is full */
    public static AuditUnavailableException full(String sink) {
        return new AuditUnavailableException(
                "the audit's sink '" + sink + "' takes no more records, and its policy is to block");
    }

    /** @param object whose last change is not in the audit yet */
    public static AuditUnavailableException behind(AuditTarget object) {
        return new AuditUnavailableException("the change of " + object
                + " before this one is not written by the audit's sinks yet, whose policy is to block");
    }
}
