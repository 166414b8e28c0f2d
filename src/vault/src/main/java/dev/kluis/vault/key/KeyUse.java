package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation.Outcome;
import dev.kluis.vault.ObjectOperation.Situation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a key is used: whether it may be, by the record as it is now, and then the mathematics. */
final class KeyUse {

    /** Clients' clocks and ours differ a little. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    private KeyUse() {}

    /** What is computed with a version. */
    @FunctionalInterface
    interface Work<R> {
        R with(String version, Algorithm algorithm, OpenKey key) throws KeyRefusedException;
    }

    /**
     * @param version 32 lower-case hex characters; empty is the current one
     * @param algorithm {@code alg}
     */
    static <R> Outcome<R> of(
            Situation situation,
            ObjectId id,
            Optional<String> version,
            KeyOperation operation,
            String algorithm,
            Work<R> work) {
        var used = situation.active(id).state().required(id, version);
        var detail = KeyDetail.of(used);
        requireUsable(id, used, operation, situation.now());
        if (!detail.operations().contains(operation)) {
            throw new VaultException(
                    Code.OPERATION_FORBIDDEN, "Operation " + operation.jose() + " is not permitted on this key.");
        }
        var named = Algorithm.of(algorithm)
                .orElseThrow(() -> new VaultException(Code.BAD_PARAMETER, "'alg' is no algorithm that is known here"));
        boolean whole = detail.publicKey().isEmpty() || needsPrivate(operation);
        try {
            return new Outcome.Answer<>(situation.keys().with(used, whole, key -> work.with(used.id(), named, key)));
        } catch (KeyRefusedException e) {
            throw refused(e);
        }
    }

    /** Enabled, and within its time; what was encrypted, wrapped or signed before its end can be read for ever. */
    static void requireUsable(ObjectId id, ObjectVersion version, KeyOperation operation, Instant now) {
        var attributes = version.attributes();
        if (!attributes.enabled()) {
            throw new VaultException(Code.DISABLED, operation.jose() + " is not allowed on " + id + ": it is disabled");
        }
        boolean makes = switch (operation) {
            case ENCRYPT, WRAP_KEY, SIGN -> true;
            case DECRYPT, UNWRAP_KEY, VERIFY -> false;
        };
        if (makes
                && attributes
                        .notBefore()
                        .filter(start -> now.plus(LEEWAY).isBefore(start))
                        .isPresent()) {
            throw new VaultException(
                    Code.NOT_YET_VALID, operation.jose() + " is not allowed on " + id + " before its 'nbf'");
        }
        if (makes
                && attributes
                        .expires()
                        .filter(end -> now.minus(LEEWAY).isAfter(end))
                        .isPresent()) {
            throw new VaultException(Code.EXPIRED, operation.jose() + " is not allowed on " + id + " after its 'exp'");
        }
    }

    private static boolean needsPrivate(KeyOperation operation) {
        return switch (operation) {
            case DECRYPT, UNWRAP_KEY, SIGN -> true;
            case ENCRYPT, WRAP_KEY, VERIFY -> false;
        };
    }

    /** Its text names what was expected and quotes nothing. */
    static VaultException refused(KeyRefusedException refusal) {
        return new VaultException(Code.BAD_PARAMETER, String.valueOf(refusal.getMessage()));
    }
}
