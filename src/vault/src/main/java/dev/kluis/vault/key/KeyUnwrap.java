package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import java.util.Optional;

/**
 * Decrypts another key that was wrapped under this one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record KeyUnwrap(ObjectId target, Optional<String> version, String algorithm, byte[] wrapped)
        implements KeyUse<KeyUnwrap.Result> {

    /**
     * The other key.
     *
     * @param key which the receiver closes
     */
    public record Result(String version, SecretBytes key) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.UNWRAP_KEY;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey opened) throws KeyRefusedException {
        return new Result(used, opened.unwrap(by, wrapped));
    }
}
