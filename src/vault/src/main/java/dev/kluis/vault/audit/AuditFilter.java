package dev.kluis.vault.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Which operations are looked for; what is absent does not matter. Texts are compared without regard to case.
 *
 * @param vault {@code namespace/name}, {@code seal} for what was done with that, or {@code tokens}
 * @param object such as {@code secrets/db-password}, or {@code clients/ci} of tokens
 * @param caller the whole name that authentication proved
 * @param operation such as {@code SecretGet}
 * @param result {@code Success}, the code of a refusal, or {@code Error}
 * @param from the earliest time
 * @param to before which time
 */
public record AuditFilter(
        Optional<String> vault,
        Optional<String> object,
        Optional<String> caller,
        Optional<String> operation,
        Optional<String> result,
        Optional<Instant> from,
        Optional<Instant> to) {

    /** All operations. */
    public static final AuditFilter ALL = new AuditFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** All operations on a vault, on the seal, or on tokens, from a time on. */
    public static AuditFilter of(String resource, Instant from) {
        return new AuditFilter(
                Optional.of(resource),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(from),
                Optional.empty());
    }

    /** Whether a line is about an operation that is looked for; lines about the audit itself are not. */
    public boolean matches(AuditLine line) {
        return line.category().equals("AuditEvent")
                && is(line, "resourceId", vault)
                && is(line, "object", object)
                && is(line, "identity.name", caller)
                && is(line, "operationName", operation)
                && is(line, "resultType", result)
                && from.filter(line.time()::isBefore).isEmpty()
                && to.filter(end -> !line.time().isBefore(end)).isEmpty();
    }

    private static boolean is(AuditLine line, String field, Optional<String> wanted) {
        return wanted.map(text -> line.field(field)
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .equals(Optional.of(text.toLowerCase(Locale.ROOT))))
                .orElse(true);
    }
}
