package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import java.util.Optional;

/**
 * Signs a digest, or a message where the algorithm takes one.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 * @param algorithm {@code alg}
 */
public record KeySign(ObjectId target, Optional<String> version, String algorithm, SignatureInput input)
        implements KeyUse<KeySign.Result> {

    /** The signature, and by which version. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Result(String version, byte[] signature) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.SIGN;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey key) throws KeyRefusedException {
        return new Result(used, key.sign(by, input));
    }
}
