package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Decrypts another key that was wrapped under this one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record KeyUnwrap(ObjectId target, Optional<String> version, String algorithm, byte[] wrapped)
        implements ObjectOperation<KeyUnwrap.Result> {

    /**
     * The other key.
     *
     * @param key which the receiver closes
     */
    public record Result(String version, SecretBytes key) {}

    @Override
    public Action action() {
        return Action.KEY_UNWRAP;
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
                KeyOperation.UNWRAP_KEY,
                algorithm,
                (used, by, opened) -> new Result(used, opened.unwrap(by, wrapped)));
    }
}
