package dev.kluis.vault.key;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Signs a digest, or a message where the algorithm takes one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 */
public record KeySign(ObjectId target, Optional<String> version, String algorithm, SignatureInput input)
        implements ObjectOperation<KeySign.Result> {

    /** The signature, and by which version. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Result(String version, byte[] signature) {}

    @Override
    public Action action() {
        return Action.KEY_SIGN;
    }

    @Override
    public Optional<String> version(Result answer) {
        return Optional.of(answer.version());
    }

    @Override
    public Outcome<Result> decide(Situation situation) {
        return KeyUse.of(
                situation,
                target,
                version,
                KeyOperation.SIGN,
                algorithm,
                (used, by, key) -> new Result(used, key.sign(by, input)));
    }
}
