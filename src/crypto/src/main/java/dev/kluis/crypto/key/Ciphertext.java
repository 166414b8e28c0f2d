package dev.kluis.crypto.key;

import org.jspecify.annotations.Nullable;

/**
 * What encryption makes and decryption takes. The arrays belong to the object.
 *
 * @see UsableKey#encrypt
 */
public final class Ciphertext {

    private final byte[] value;
    private final byte @Nullable [] iv;
    private final byte @Nullable [] tag;

    /**
     * @param value as long as the plaintext for GCM, without the tag
     * @param iv 12 bytes for GCM, 16 for CBC, null for all others
     * @param tag 16 bytes for GCM, null for all others
     */
    public Ciphertext(byte[] value, byte @Nullable [] iv, byte @Nullable [] tag) {
        this.value = value;
        this.iv = iv;
        this.tag = tag;
    }

    public static Ciphertext of(byte[] value) {
        return new Ciphertext(value, null, null);
    }

    public byte[] value() {
        return value;
    }

    public byte @Nullable [] iv() {
        return iv;
    }

    public byte @Nullable [] tag() {
        return tag;
    }
}
