package dev.kluis.crypto.key;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The padding of RSASSA-PSS (RFC 8017 §9.1) over a digest, with a salt as long as the digest and MGF1 with the same hash
 * (RFC 7518 §3.5), for moduli of whole bytes.
 */
final class PssPadding {

    private static final int TRAILER = 0xbc;
    /** A modulus of 8k bits leaves 8k - 1 for the padding. */
    private static final int FIRST = 0x7f;

    private PssPadding() {}

    /** @param length of the modulus */
    static byte[] of(Hash hash, byte[] digest, int length, SecureRandom random) {
        byte[] salt = new byte[hash.length()];
        random.nextBytes(salt);
        byte[] commitment = commitment(hash, digest, salt);
        int dataLength = length - hash.length() - 1;
        byte[] padded = new byte[length];
        padded[dataLength - salt.length - 1] = 1;
        System.arraycopy(salt, 0, padded, dataLength - salt.length, salt.length);
        mask(hash, commitment, padded, dataLength);
        padded[0] &= FIRST;
        System.arraycopy(commitment, 0, padded, dataLength, commitment.length);
        padded[length - 1] = (byte) TRAILER;
        return padded;
    }

    /** @param padded as long as the modulus, of any content; changed */
    static boolean fits(Hash hash, byte[] digest, byte[] padded) {
        int dataLength = padded.length - hash.length() - 1;
        if ((padded[padded.length - 1] & 0xff) != TRAILER || (padded[0] & 0xff) > FIRST) {
            return false;
        }
        byte[] commitment = Arrays.copyOfRange(padded, dataLength, padded.length - 1);
        mask(hash, commitment, padded, dataLength);
        padded[0] &= FIRST;
        int one = dataLength - hash.length() - 1;
        for (int i = 0; i < one; i++) {
            if (padded[i] != 0) {
                return false;
            }
        }
        byte[] salt = Arrays.copyOfRange(padded, one + 1, dataLength);
        return padded[one] == 1 && MessageDigest.isEqual(commitment, commitment(hash, digest, salt));
    }

    private static byte[] commitment(Hash hash, byte[] digest, byte[] salt) {
        var all = hash.digest();
        all.update(new byte[8]);
        all.update(digest);
        return all.digest(salt);
    }

    /** MGF1 (RFC 8017 §B.2.1) of the seed, over the first bytes. */
    private static void mask(Hash hash, byte[] seed, byte[] bytes, int length) {
        var digest = hash.digest();
        for (int block = 0, at = 0; at < length; block++) {
            digest.update(seed);
            byte[] mask = digest.digest(new byte[] {0, 0, (byte) (block >> 8), (byte) block});
            for (int i = 0; i < mask.length && at < length; i++, at++) {
                bytes[at] ^= mask[i];
            }
        }
    }
}
