package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.util.Arrays;

/** Numbers as octets and back (RFC 8017 §4). */
final class Numbers {

    private Numbers() {}

    /** @return big-endian, exactly so long; the number has to fit */
    static byte[] octets(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        int skip = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        byte[] octets = new byte[length];
        System.arraycopy(signed, skip, octets, length - (signed.length - skip), signed.length - skip);
        Arrays.fill(signed, (byte) 0);
        return octets;
    }

    /** @return big-endian, as short as it can be */
    static byte[] octets(BigInteger number) {
        return octets(number, Math.max(1, (number.bitLength() + 7) / 8));
    }

    static BigInteger number(byte[] octets) {
        return new BigInteger(1, octets);
    }
}
