package dev.kluis.crypto;

import java.util.Arrays;
import java.util.Base64;

/** Reads base64url without padding (RFC 4648 §5) in the one form that there is for each value. */
public final class CanonicalBase64 {

    private CanonicalBase64() {}

    /**
     * The bytes, which the caller zeroes or keeps; what is given stays as it is.
     *
     * @param encoded ASCII
     * @throws IllegalArgumentException for another alphabet, padding, white space or bits left over
     */
    public static byte[] decodeUrl(byte[] encoded) {
        byte[] decoded = Base64.getUrlDecoder().decode(encoded);
        byte[] again = Base64.getUrlEncoder().withoutPadding().encode(decoded);
        boolean same = Arrays.equals(again, encoded);
        Arrays.fill(again, (byte) 0);
        if (!same) {
            Arrays.fill(decoded, (byte) 0);
            throw new IllegalArgumentException("not base64url without padding");
        }
        return decoded;
    }
}
