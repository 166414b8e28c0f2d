package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
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
        implements KeyUse<KeyDecrypt.Result> {

    /**
     * What was encrypted.
     *
     * @param plaintext which the receiver closes
     */
    public record Result(String version, SecretBytes plaintext) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.DECRYPT;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey key) throws KeyRefusedException {
        return new Result(used, key.decrypt(by, ciphertext, additional.orElse(null)));
    }
}
