package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Encrypts a small value.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 * @param plaintext closed by the door
 * @param iv absent has one drawn, where the algorithm takes one
 * @param additional authenticated with it
 */
public record KeyEncrypt(
        ObjectId target,
        Optional<String> version,
        String algorithm,
        SecretBytes plaintext,
        Optional<byte[]> iv,
        Optional<byte[]> additional)
        implements ObjectOperation<KeyEncrypt.Result> {

    /** What was made, and by which version. */
    public record Result(String version, Ciphertext ciphertext) {}

    @Override
    public Action action() {
        return Action.KEY_ENCRYPT;
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
                KeyOperation.ENCRYPT,
                algorithm,
                (used, by, key) ->
                        new Result(used, key.encrypt(by, plaintext, iv.orElse(null), additional.orElse(null))));
    }

    @Override
    public void close() {
        plaintext.close();
    }
}
