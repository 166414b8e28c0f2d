package dev.kluis.vault.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one operation did or was refused. It has no place for a value.
 *
 * @param operationId 32 hex characters; of a mutation also in the record that it wrote
 * @param operation Key Vault's operation name, such as {@code SecretGet}
 * @param resource the vault or object, such as {@code payments/payments/secrets/db-password}
 * @param version of the object that was read or made
 * @param caller the name that authentication proved
 * @param callerUid where identity has one
 * @param result {@code Success}, or the code of the refusal
 * @param reason of a refusal
 * @param assignment that allowed it
 */
public record AuditRecord(
        Instant time,
        String operationId,
        String operation,
        String resource,
        Optional<String> version,
        String caller,
        Optional<String> callerUid,
        String result,
        Optional<String> reason,
        Optional<String> assignment,
        Duration duration) {}
