package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
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
        implements KeyUse<KeyEncrypt.Result> {

    /** What was made, and by which version. */
    public record Result(String version, Ciphertext ciphertext) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.ENCRYPT;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey key) throws KeyRefusedException {
        return new Result(used, key.encrypt(by, plaintext, iv.orElse(null), additional.orElse(null)));
    }

    @Override
    public void close() {
        plaintext.close();
    }
}
