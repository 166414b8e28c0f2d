package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.kluis.crypto.CanonicalBase64;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Binary members: base64url without padding (RFC 4648 §5), in the one form that there is for each. Another alphabet,
 * padding, white space or bits left over are refused.
 */
final class Base64Url {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    /** The bytes of a member, none of which becomes a {@link String}; the caller zeroes or keeps them. */
    static byte[] read(JsonParser parser, String name) throws IOException {
        try (var text = Json.secret(parser, name)) {
            byte[] encoded = text.reveal(SecretAccess.GRANTED);
            try {
                return decode(encoded, name);
            } finally {
                Arrays.fill(encoded, (byte) 0);
            }
        }
    }

    static byte[] decode(byte[] encoded, String name) {
        try {
            return CanonicalBase64.decodeUrl(encoded);
        } catch (IllegalArgumentException e) {
            throw RestException.badParameter("'" + name + "' is not base64url without padding");
        }
    }

    static void write(JsonGenerator json, String name, byte[] bytes) throws IOException {
        byte[] encoded = ENCODER.encode(bytes);
        json.writeFieldName(name);
        json.writeUTF8String(encoded, 0, encoded.length);
        Arrays.fill(encoded, (byte) 0);
    }

    /** A secret as a member; it stays open. */
    static void write(JsonGenerator json, String name, SecretBytes secret) throws IOException {
        byte[] bytes = secret.reveal(SecretAccess.GRANTED);
        try {
            write(json, name, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
