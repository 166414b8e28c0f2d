package dev.kluis.crypto;

import java.util.Arrays;
import java.util.Base64;

/**
 * How bytes are written as one line of text: a prefix that says what and which version, a colon, and base64url without
 * padding (RFC 4648 §5). There is exactly one text for the same bytes.
 *
 * @param prefix without the colon, such as {@code kluis1}
 * @param minBytes the fewest bytes that the form has
 * @param maxBytes the most bytes that the form has
 */
public record TextForm(String prefix, int minBytes, int maxBytes) {

    /** The longest text, in characters. */
    public int maxLength() {
        return prefix.length() + 1 + (maxBytes * 8 + 5) / 6;
    }

    public String encode(byte[] bytes) {
        if (bytes.length < minBytes || bytes.length > maxBytes) {
            throw new IllegalArgumentException(
                    prefix + " has " + minBytes + " to " + maxBytes + " bytes, not " + bytes.length);
        }
        return prefix + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The bytes of a text of this form. Whoever wrote the text controls all of it: its length is checked before anything
     * is decoded, and padding, stray bits and any other second way to write the same bytes are refused.
     */
    public byte[] decode(String text) throws SealedBytesException {
        if (text.length() > maxLength() || !text.startsWith(prefix + ":")) {
            throw notOfThisForm();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.substring(prefix.length() + 1));
            if (bytes.length < minBytes
                    || bytes.length > maxBytes
                    || !encode(bytes).equals(text)) {
                Arrays.fill(bytes, (byte) 0);
                throw notOfThisForm();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw notOfThisForm();
        }
    }

    private SealedBytesException notOfThisForm() {
        return new SealedBytesException("not a text of the form " + prefix + ":<base64url>");
    }
}
