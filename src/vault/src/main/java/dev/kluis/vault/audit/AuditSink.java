package dev.kluis.vault.audit;

/** Takes audit records in the order of the answers. When it throws, the operation fails: what is not audited is not answered. */
@FunctionalInterface
public interface AuditSink {

    void accept(AuditRecord record);
}
