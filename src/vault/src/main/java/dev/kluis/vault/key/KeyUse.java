package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.KeyDetail;
import java.util.Optional;

/** Computes with a version of a key: whether that may be, by the record as it is now, and then the mathematics. */
public interface KeyUse<R extends KeyUse.Used> extends ObjectOperation<R> {

    /** What was computed. */
    interface Used {
        /** By which version: 32 lower-case hex characters. */
        String version();
    }

    /** 32 lower-case hex characters; empty is the current one. */
    Optional<String> version();

    /** {@code alg}. */
    String algorithm();

    KeyOperation operation();

    /**
     * The mathematics.
     *
     * @param used the version: 32 lower-case hex characters
     */
    R with(String used, Algorithm by, OpenKey key) throws KeyRefusedException;

    @Override
    default Action action() {
        return switch (operation()) {
            case ENCRYPT -> Action.KEY_ENCRYPT;
            case DECRYPT -> Action.KEY_DECRYPT;
            case WRAP_KEY -> Action.KEY_WRAP;
            case UNWRAP_KEY -> Action.KEY_UNWRAP;
            case SIGN -> Action.KEY_SIGN;
            case VERIFY -> Action.KEY_VERIFY;
        };
    }

    @Override
    default Optional<String> version(R answer) {
        return Optional.of(answer.version());
    }

    @Override
    default Outcome<R> decide(Situation situation) {
        var used = situation.active(target()).state().required(target(), version());
        var detail = KeyDetail.of(used);
        KeyRules.requireUsable(target(), used, operation(), situation.now());
        if (!detail.operations().contains(operation())) {
            throw new VaultException(
                    Code.OPERATION_FORBIDDEN, "Operation " + operation().jose() + " is not permitted on this key.");
        }
        var named = Algorithm.of(algorithm())
                .orElseThrow(() -> new VaultException(Code.BAD_PARAMETER, "'alg' is no algorithm that is known here"));
        boolean whole = detail.publicKey().isEmpty() || needsPrivate(operation());
        try {
            return new Outcome.Answer<>(situation.keys().with(used, whole, key -> with(used.id(), named, key)));
        } catch (KeyRefusedException e) {
            throw KeyRules.refused(e);
        }
    }

    private static boolean needsPrivate(KeyOperation operation) {
        return switch (operation) {
            case DECRYPT, UNWRAP_KEY, SIGN -> true;
            case ENCRYPT, WRAP_KEY, VERIFY -> false;
        };
    }
}
