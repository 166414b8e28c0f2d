package dev.kluis.vault.key;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Whether a signature was made by a version over this digest or message.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record KeyVerify(
        ObjectId target, Optional<String> version, String algorithm, SignatureInput input, byte[] signature)
        implements ObjectOperation<KeyVerify.Result> {

    /** Whether the signature is one, and of which version. */
    public record Result(String version, boolean valid) {}

    @Override
    public Action action() {
        return Action.KEY_VERIFY;
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
                KeyOperation.VERIFY,
                algorithm,
                (used, by, key) -> new Result(used, key.verify(by, input, signature)));
    }
}
