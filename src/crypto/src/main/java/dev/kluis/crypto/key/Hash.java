package dev.kluis.crypto.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hashes of RSA and of thumbprints, with what stands before the digest in DigestInfo (RFC 8017 §9.2, note 1). */
enum Hash {
    SHA1("SHA-1", 20, ""),
    SHA256("SHA-256", 32, "3031300d060960864801650304020105000420"),
    SHA384("SHA-384", 48, "3041300d060960864801650304020205000430"),
    SHA512("SHA-512", 64, "3051300d060960864801650304020305000440");

    private final String standard;
    private final int length;
    private final String prefix;

    Hash(String standard, int length, String prefix) {
        this.standard = standard;
        this.length = length;
        this.prefix = prefix;
    }

    static Hash of(Algorithm algorithm) {
        for (var one : values()) {
            if (one.length == algorithm.digest()) {
                return one;
            }
        }
        throw new IllegalArgumentException(algorithm.jose() + " has no hash");
    }

    /** The name in Java. */
    String standard() {
        return standard;
    }

    int length() {
        return length;
    }

    byte[] prefix() {
        return HexFormat.of().parseHex(prefix);
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(standard);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(standard + " is not usable in this runtime", e);
        }
    }
}
