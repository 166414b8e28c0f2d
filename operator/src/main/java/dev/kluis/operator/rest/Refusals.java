package dev.kluis.operator.rest;

import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.vault.Caller;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.store.StoreUnavailableException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failed, in the words of Key Vault's errors. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    static RestException of(Throwable failure, Request.Source source) {
        return switch (failure) {
            case RestException refused -> refused;
            case VaultException refused -> of(refused);
            case InvalidNameException refused -> RestException.badParameter(text(refused));
            case StoreUnavailableException unavailable ->
                RestException.unavailable("StoreUnavailable", "the store cannot be reached: done or not done", 1);
            case AuditUnavailableException full -> RestException.unavailable("AuditUnavailable", text(full), 1);
            default -> {
                LOG.error("Request {} failed", source.id(), failure);
                yield new RestException(
                        500, "InternalServerError", "", "Kluis failed; its log tells more at request " + source.id());
            }
        };
    }

    static RestException of(AuthenticationException failure, Challenge challenge, Instant now) {
        return switch (failure.kind()) {
            case REFUSED -> RestException.unauthorized("AKV10032: " + text(failure), challenge.missing());
            case STALE -> RestException.unauthorized("AKV10032: " + text(failure), challenge.stale(now));
            case BUSY -> RestException.throttled(text(failure));
            case UNAVAILABLE -> RestException.unavailable("AuthenticationUnavailable", text(failure), 1);
        };
    }

    /** What the door refused, of an operation. */
    static RestException of(VaultException refused, Operation<?> operation) {
        var kind = operation.target().kind();
        boolean purge = operation.action().id().endsWith("purge/action");
        return switch (refused.code()) {
            case NOT_FOUND -> new RestException(RestException.NOT_FOUND, kind.word() + "NotFound", "", text(refused));
            case DISABLED -> new RestException(403, "Forbidden", kind.word() + "Disabled", text(refused));
            // Purge protection, in Key Vault, is not a conflict.
            case CONFLICT -> purge ? new RestException(403, "Forbidden", "", text(refused)) : of(refused);
            default -> of(refused);
        };
    }

    private static RestException of(VaultException refused) {
        String text = text(refused);
        return switch (refused.code()) {
            case FORBIDDEN -> new RestException(403, "Forbidden", "ForbiddenByRbac", text);
            case DISABLED -> new RestException(403, "Forbidden", "Disabled", text);
            case OPERATION_FORBIDDEN -> new RestException(403, "Forbidden", "KeyOperationForbidden", text);
            case NOT_YET_VALID -> new RestException(403, "Forbidden", "KeyNotYetValid", text);
            case EXPIRED -> new RestException(403, "Forbidden", "KeyExpired", text);
            case MANAGED -> new RestException(403, "Forbidden", "ManagedByCertificate", text);
            case NOT_FOUND -> RestException.notFound(text);
            case BAD_PARAMETER -> RestException.badParameter(text);
            case DELETED -> new RestException(409, "Conflict", "ObjectIsDeletedButRecoverable", text);
            case OWNED_BY_ANOTHER -> new RestException(409, "Conflict", "OwnedByAnother", text);
            case CONFLICT -> new RestException(409, "Conflict", "", text);
            case UNREADABLE -> new RestException(409, "Conflict", "ObjectIsUnreadable", text);
            case SEALED -> RestException.unavailable("Sealed", text, 10);
        };
    }

    /** Key Vault's text, for who may not know more: the same whether the vault, the object or the right is missing. */
    static RestException forbidden(Caller caller, Operation<?> operation) {
        var target = operation.target();
        String object =
                target.kind() == ObjectKind.VAULT ? "" : "/" + target.kind().collection() + "/" + target.name();
        return new RestException(
                403,
                "Forbidden",
                "ForbiddenByRbac",
                "Caller is not authorized to perform action on resource.\r\nCaller: name=" + caller.name()
                        + "\r\nAction: '" + operation.action().id() + "'\r\nResource: '"
                        + target.vault().name() + object + "'\r\nAssignment: (not found)");
    }

    private static String text(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }
}
