package dev.kluis.vault.audit;

import dev.kluis.vault.AuditTarget;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What one operation did or was refused. It has no place for a value.
 *
 * @param time when the operation began
 * @param operationId 32 hex characters; of a mutation also in the record that it wrote
 * @param operation Key Vault's operation name, such as {@code SecretGet}
 * @param target the vault or object, the seal, or who asks for a token
 * @param version of the object that was read or made
 * @param assignment that allowed it
 * @param replayed whether it was made from the stored record after a restart, perhaps a second time
 */
public record AuditRecord(
        Instant time,
        String operationId,
        String operation,
        AuditTarget target,
        Optional<String> version,
        Identity identity,
        Source source,
        Result result,
        Optional<String> assignment,
        Duration duration,
        boolean replayed) {

    /**
     * Who asked.
     *
     * @param name that authentication proved
     * @param uid where identity has one
     * @param program whether it is a ServiceAccount, a resource or Kluis itself, and not a person
     * @param pod that the token was bound to
     */
    public record Identity(String name, Optional<String> uid, boolean program, Optional<Caller.BoundPod> pod) {

        private static final Pattern PROGRAM = Pattern.compile("(system:serviceaccount|resource|kluis):.*");

        static Identity of(Caller caller) {
            return switch (caller) {
                case Caller.ServiceAccount account ->
                    new Identity(account.name(), Optional.of(account.uid()), true, account.pod());
                case Caller.Resource resource ->
                    new Identity(resource.name(), Optional.of(resource.uid()), true, Optional.empty());
                case Caller.User user -> new Identity(user.name(), Optional.empty(), false, Optional.empty());
                case Caller.Clockwork clockwork ->
                    new Identity(clockwork.name(), Optional.empty(), true, Optional.empty());
            };
        }

        /** What a stored record says of its writer. */
        static Identity ofActor(String name) {
            return new Identity(name, Optional.empty(), PROGRAM.matcher(name).matches(), Optional.empty());
        }
    }

    /**
     * How it ended.
     *
     * @param type {@code Success}, the code of the refusal, or {@code Error}
     * @param status the HTTP status that says the same
     * @param description the reason of a refusal
     */
    public record Result(String type, int status, Optional<String> description) {}

    /** The name that authentication proved. */
    public String caller() {
        return identity.name();
    }
}
