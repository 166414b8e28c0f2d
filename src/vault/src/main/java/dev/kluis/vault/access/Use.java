package dev.kluis.vault.access;

import dev.kluis.vault.audit.AuditRecord;
import java.util.Map;
import java.util.Optional;

/**
 * That an assignment was used, as the audit tells it.
 *
 * @param caller the name that authentication proved
 * @param action absent for an operation that this version does not know, which counts as a use of everything
 * @param collection with {@code object} the object; empty for the vault, as of a list
 */
public record Use(String assignment, String caller, Optional<Action> action, String collection, String object) {

    private static final Map<String, Action> ACTIONS = Map.ofEntries(
            Map.entry("SecretGet", Action.SECRET_GET),
            Map.entry("SecretGetMetadata", Action.SECRET_READ_METADATA),
            Map.entry("SecretList", Action.SECRET_READ_METADATA),
            Map.entry("SecretListDeleted", Action.SECRET_READ_METADATA),
            Map.entry("SecretListVersions", Action.SECRET_READ_METADATA),
            Map.entry("SecretSet", Action.SECRET_SET),
            Map.entry("SecretUpdate", Action.SECRET_UPDATE),
            Map.entry("SecretDelete", Action.SECRET_DELETE),
            Map.entry("SecretRecover", Action.SECRET_RECOVER),
            Map.entry("SecretPurge", Action.SECRET_PURGE),
            Map.entry("SecretBackup", Action.SECRET_BACKUP),
            Map.entry("SecretRestore", Action.SECRET_RESTORE),
            Map.entry("VaultGet", Action.VAULT_READ),
            Map.entry("VaultPurge", Action.VAULT_PURGE));

    /** What a record of the audit says; empty where no assignment was needed or none allowed it. */
    public static Optional<Use> of(AuditRecord record) {
        return record.assignment().map(assignment -> {
            var target = record.target();
            return new Use(
                    assignment,
                    record.caller(),
                    Optional.ofNullable(ACTIONS.get(record.operation())),
                    target.name().isEmpty() ? "" : target.kind().collection(),
                    target.name());
        });
    }
}
