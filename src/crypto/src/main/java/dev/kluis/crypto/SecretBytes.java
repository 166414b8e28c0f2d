package dev.kluis.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A secret value or raw key material of any length. Never prints its bytes, compares in constant time, and is zeroed by
 * {@link #close}; using it afterwards is an {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable {

    private final byte[] bytes;
    private volatile boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy; the caller zeroes its own array. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** Takes the array itself, which from now on belongs to the result. */
    public static SecretBytes owning(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** A copy, which the caller zeroes. */
    public byte[] reveal(SecretAccess access) {
        requireOpen();
        return bytes.clone();
    }

    /** The bytes themselves, for use inside this package only: never kept, never changed. */
    byte[] borrow() {
        requireOpen();
        return bytes;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("secret bytes were closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** Constant: a hash of the bytes would tell something about them. */
    @Override
    public int hashCode() {
        return SecretBytes.class.hashCode();
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes]";
    }
}
