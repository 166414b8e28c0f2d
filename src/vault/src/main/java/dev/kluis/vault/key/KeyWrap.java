package dev.kluis.vault.key;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import java.util.Optional;

/**
 * Encrypts another key under this one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 * @param key closed by the door
 */
public record KeyWrap(ObjectId target, Optional<String> version, String algorithm, SecretBytes key)
        implements KeyUse<KeyWrap.Result> {

    /** The key as it may be kept anywhere, and by which version. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Result(String version, byte[] wrapped) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.WRAP_KEY;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey opened) throws KeyRefusedException {
        return new Result(used, opened.wrap(by, key));
    }

    @Override
    public void close() {
        key.close();
    }
}
