package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The text of a blob, base64url with padding or without (RFC 4648 §5), in a body that is known to be JSON. It is decoded from
 * where it lies, since each copy of it, and two of each character, would be many megabytes.
 */
final class BlobText {

    private static final int ESCAPED = 4;

    private BlobText() {}

    /**
     * Decodes it; the body is not to be read any more.
     *
     * @param at where its quotation mark is
     * @throws RestException 400 for what is not base64url
     */
    static byte[] decode(byte[] body, int at) {
        if (body[at] != '"') {
            throw new IllegalArgumentException("no text begins here");
        }
        int length = unescape(body, at + 1);
        try {
            var decoded = Base64.getUrlDecoder().decode(ByteBuffer.wrap(body, at + 1, length));
            byte[] blob = decoded.array();
            return decoded.remaining() == blob.length ? blob : Arrays.copyOf(blob, decoded.remaining());
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    /** Resolves what JSON lets clients write in another way, up to the text's end, and gives how long it is then. */
    private static int unescape(byte[] body, int begin) {
        int end = begin;
        for (int next = begin; body[next] != '"'; next++) {
            byte one = body[next];
            if (one == '\\') {
                if (body[next + 1] != 'u') {
                    // A quotation mark, a slash, white space: nothing of this alphabet.
                    throw refused();
                }
                int code = HexFormat.fromHexDigits(new String(body, next + 2, ESCAPED, ISO_8859_1));
                if (code > Byte.MAX_VALUE) {
                    throw refused();
                }
                one = (byte) code;
                next += 1 + ESCAPED;
            }
            body[end++] = one;
        }
        return end - begin;
    }

    private static RestException refused() {
        return RestException.badParameter("'value' is not base64url");
    }
}
