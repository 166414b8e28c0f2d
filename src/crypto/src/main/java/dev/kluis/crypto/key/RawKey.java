package dev.kluis.crypto.key;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** A symmetric key for Java's ciphers that, unlike {@link javax.crypto.spec.SecretKeySpec}, can be destroyed. */
final class RawKey implements SecretKey {

    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private final String algorithm;
    private transient volatile boolean destroyed;

    /** @param bytes belong to the result */
    RawKey(byte[] bytes, String algorithm) {
        this.bytes = bytes;
        this.algorithm = algorithm;
    }

    /** The same bytes for another algorithm; destroyed together with this one. */
    RawKey as(String other) {
        return new RawKey(bytes, other);
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /** A copy, which ciphers zero when they are done. */
    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key was destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("keys are not written");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawKey that
                && algorithm.equals(that.algorithm)
                && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return algorithm.hashCode();
    }

    @Override
    public String toString() {
        return "RawKey[" + algorithm + "]";
    }
}
