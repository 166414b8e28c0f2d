package dev.kluis.crypto.key;

import java.util.Arrays;
import java.util.Optional;

/** What is done with a key, as {@code key_ops} says it (RFC 7517 §4.3). */
public enum KeyOperation {
    ENCRYPT("encrypt"),
    DECRYPT("decrypt"),
    SIGN("sign"),
    VERIFY("verify"),
    WRAP_KEY("wrapKey"),
    UNWRAP_KEY("unwrapKey");

    private final String jose;

    KeyOperation(String jose) {
        this.jose = jose;
    }

    /** The value in {@code key_ops}. */
    public String jose() {
        return jose;
    }

    /** @param jose a value of {@code key_ops}, in exactly that case */
    public static Optional<KeyOperation> of(String jose) {
        return Arrays.stream(values()).filter(one -> one.jose.equals(jose)).findFirst();
    }
}
