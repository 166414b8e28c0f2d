package dev.kluis.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4 §6.2), which every Java runtime has. */
public final class Sha256 {

    private Sha256() {}

    /** The digest, 32 bytes, of the parts one behind the other, with nothing between them. */
    public static byte[] of(byte[]... parts) {
        var digest = begin();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** The digest as 64 lower-case hex characters. */
    public static String hex(byte[]... parts) {
        return HexFormat.of().formatHex(of(parts));
    }

    /** A digest of what comes piece by piece. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not usable in this runtime", e);
        }
    }
}
