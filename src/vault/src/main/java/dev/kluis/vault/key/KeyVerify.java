package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
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
        implements KeyUse<KeyVerify.Result> {

    /** Whether the signature is one, and of which version. */
    public record Result(String version, boolean valid) implements Used {}

    @Override
    public KeyOperation operation() {
        return KeyOperation.VERIFY;
    }

    @Override
    public Result with(String used, Algorithm by, OpenKey key) throws KeyRefusedException {
        return new Result(used, key.verify(by, input, signature));
    }
}
