package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Encrypts another key under this one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 * @param key closed by the door
 */
public record KeyWrap(ObjectId target, Optional<String> version, String algorithm, SecretBytes key)
        implements ObjectOperation<KeyWrap.Result> {

    /** The key as it may be kept anywhere, and by which version. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Result(String version, byte[] wrapped) {}

    @Override
    public Action action() {
        return Action.KEY_WRAP;
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
                KeyOperation.WRAP_KEY,
                algorithm,
                (used, by, opened) -> new Result(used, opened.wrap(by, key)));
    }

    @Override
    public void close() {
        key.close();
    }
}
