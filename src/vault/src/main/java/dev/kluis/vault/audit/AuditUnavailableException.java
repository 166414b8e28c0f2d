package dev.kluis.vault.audit;

/** An operation could not be audited and was therefore not begun: trying again later may help. */
public final class AuditUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param sink whose queue is full */
    public AuditUnavailableException(String sink) {
        super("the audit's sink '" + sink + "' takes no more records, and its policy is to block");
    }
}
