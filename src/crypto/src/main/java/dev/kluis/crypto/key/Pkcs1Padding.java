package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * The paddings of PKCS #1 v1.5: for signatures (RFC 8017 §9.2) and for encryption (§7.2), the latter with implicit
 * rejection: a ciphertext whose padding is wrong decrypts to a message that is drawn from the key and the ciphertext, as
 * draft-irtf-cfrg-rsa-guidance §7.2 describes it. So neither an answer nor its length tells whether the padding was right
 * (Bleichenbacher's attack), and equal questions have equal answers.
 */
final class Pkcs1Padding {

    /** How much shorter than the modulus a message is at least. */
    static final int OVERHEAD = 11;

    private static final int LENGTHS = 128;
    private static final String HMAC = "HmacSHA256";

    private Pkcs1Padding() {}

    /** @param length of the modulus */
    static byte[] forSignature(byte[] contents, int length) {
        byte[] padded = new byte[length];
        Arrays.fill(padded, 1, length - contents.length - 1, (byte) 0xff);
        padded[1] = 1;
        System.arraycopy(contents, 0, padded, length - contents.length, contents.length);
        return padded;
    }

    static byte[] digestInfo(Hash hash, byte[] digest) {
        byte[] prefix = hash.prefix();
        byte[] info = Arrays.copyOf(prefix, prefix.length + digest.length);
        System.arraycopy(digest, 0, info, prefix.length, digest.length);
        return info;
    }

    /** @param length of the modulus */
    static byte[] forEncryption(byte[] message, int length, SecureRandom random) {
        byte[] padded = new byte[length];
        int separator = length - message.length - 1;
        byte[] drawn = new byte[separator - 2];
        random.nextBytes(drawn);
        for (int i = 0; i < drawn.length; i++) {
            while (drawn[i] == 0) {
                drawn[i] = (byte) random.nextInt();
            }
        }
        padded[1] = 2;
        System.arraycopy(drawn, 0, padded, 2, drawn.length);
        System.arraycopy(message, 0, padded, separator + 1, message.length);
        return padded;
    }

    /**
     * The message, or one that is none. Takes the same way through the code for both, up to the copy of as many bytes as
     * the answer has.
     *
     * @param padded what the ciphertext is to the power of the private exponent; as long as the modulus
     * @param secret a hash of the private exponent
     */
    static byte[] messageOf(byte[] padded, byte[] ciphertext, byte[] secret) throws GeneralSecurityException {
        int length = padded.length;
        byte[] derived = hmac(secret, ciphertext);
        byte[] lengths = draw(derived, "length", 2 * LENGTHS);
        byte[] other = draw(derived, "message", length);
        int longest = length - 2 - 8;
        int otherLength = 0;
        int mask = (Integer.highestOneBit(longest) << 1) - 1;
        for (int i = 0; i < LENGTHS; i++) {
            int candidate = ((lengths[2 * i] & 0xff) << 8 | (lengths[2 * i + 1] & 0xff)) & mask;
            int less = (candidate - longest) >> 31;
            otherLength = (candidate & less) | (otherLength & ~less);
        }
        int good = zero(padded[0] & 0xff) & zero((padded[1] & 0xff) ^ 2);
        int separator = 0;
        int found = 0;
        for (int i = 2; i < length; i++) {
            int here = zero(padded[i] & 0xff) & ~found;
            separator |= i & here;
            found |= here;
        }
        good &= found & ~((separator - 10) >> 31);
        int from = ((separator + 1) & good) | ((length - otherLength) & ~good);
        byte[] chosen = new byte[length];
        for (int i = 0; i < length; i++) {
            chosen[i] = (byte) ((padded[i] & good) | (other[i] & ~good));
        }
        byte[] message = Arrays.copyOfRange(chosen, from, length);
        Der.wipe(chosen, other, lengths, derived);
        return message;
    }

    /** All ones if the number, of 31 bits, is zero; else all zeros. */
    private static int zero(int number) {
        return (number - 1) >> 31;
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        var mac = Mac.getInstance(HMAC);
        mac.init(new RawKey(key, HMAC));
        return mac.doFinal(message);
    }

    private static byte[] draw(byte[] key, String label, int length) throws GeneralSecurityException {
        byte[] name = label.getBytes(US_ASCII);
        var all = ByteBuffer.allocate(length);
        for (int i = 0; all.hasRemaining(); i++) {
            byte[] block = hmac(
                    key,
                    ByteBuffer.allocate(name.length + 4)
                            .putShort((short) i)
                            .put(name)
                            .putShort((short) (8 * length))
                            .array());
            all.put(block, 0, Math.min(block.length, all.remaining()));
        }
        return all.array();
    }
}
