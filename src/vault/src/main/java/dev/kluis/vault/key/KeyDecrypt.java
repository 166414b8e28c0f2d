package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Decrypts what a version encrypted, or whoever has its public part.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 * @param additional as when it was encrypted
 */
public record KeyDecrypt(
        ObjectId target, Optional<String> version, String algorithm, Ciphertext ciphertext, Optional<byte[]> additional)
        implements ObjectOperation<KeyDecrypt.Result> {

    /**
     * What was encrypted.
     *
     * @param plaintext which the receiver closes
     */
    public record Result(String version, SecretBytes plaintext) {}

    @Override
    public Action action() {
        return Action.KEY_DECRYPT;
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
                KeyOperation.DECRYPT,
                algorithm,
                (used, by, key) -> new Result(used, key.decrypt(by, ciphertext, additional.orElse(null))));
    }
}
