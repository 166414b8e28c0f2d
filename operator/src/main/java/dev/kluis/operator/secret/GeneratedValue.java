package dev.kluis.operator.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A random value to be made, always text in ASCII.
 *
 * @param length in characters for Text and Hex, in bytes before encoding for Base64, not used for UUID; 8 to 4096
 */
record GeneratedValue(int length, Alphabet alphabet, Format format) {

    private static final int DEFAULT_LENGTH = 32;
    private static final int MIN_LENGTH = 8;
    private static final int MAX_LENGTH = 4096;
    private static final int UUID_BYTES = 16;

    enum Alphabet {
        Alphanumeric(range('0', '9') + range('A', 'Z') + range('a', 'z')),
        Letters(range('A', 'Z') + range('a', 'z')),
        Digits(range('0', '9')),
        /** All visible ASCII characters. */
        Printable(range('!', '~'));

        private final String characters;

        Alphabet(String characters) {
            this.characters = characters;
        }

        private static String range(char first, char last) {
            var text = new StringBuilder();
            for (char one = first; one <= last; one++) {
                text.append(one);
            }
            return text.toString();
        }
    }

    enum Format {
        Text,
        Hex,
        Base64,
        /** Version 4, RFC 9562 §5.4, lower case. */
        UUID
    }

    GeneratedValue {
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new Problem(Reason.InvalidSpec, "length is " + MIN_LENGTH + " to " + MAX_LENGTH);
        }
    }

    static GeneratedValue of(@Nullable Integer length, @Nullable String alphabet, @Nullable String format) {
        try {
            return new GeneratedValue(
                    length == null ? DEFAULT_LENGTH : length,
                    alphabet == null ? Alphabet.Alphanumeric : Alphabet.valueOf(alphabet),
                    format == null ? Format.Text : Format.valueOf(format));
        } catch (IllegalArgumentException e) {
            throw new Problem(Reason.InvalidSpec, "there is no such alphabet or format");
        }
    }

    /** A new value, which the caller closes. */
    SecretBytes make(SecureRandom random) {
        return SecretBytes.owning(
                switch (format) {
                    case Text -> text(random);
                    case Hex -> hex(random);
                    case Base64 -> base64(random);
                    case UUID -> uuid(random);
                });
    }

    /** Each character with the same probability: bytes beyond the largest multiple of the alphabet's size are thrown away. */
    private byte[] text(SecureRandom random) {
        String characters = alphabet.characters;
        int usable = 256 - 256 % characters.length();
        byte[] value = new byte[length];
        byte[] some = new byte[length];
        int filled = 0;
        while (filled < length) {
            random.nextBytes(some);
            for (int i = 0; i < some.length && filled < length; i++) {
                int draw = Byte.toUnsignedInt(some[i]);
                if (draw < usable) {
                    value[filled++] = (byte) characters.charAt(draw % characters.length());
                }
            }
        }
        Arrays.fill(some, (byte) 0);
        return value;
    }

    private byte[] hex(SecureRandom random) {
        byte[] raw = raw(random, (length + 1) / 2);
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            int nibble = i % 2 == 0 ? raw[i / 2] >> 4 : raw[i / 2];
            value[i] = (byte) HexFormat.of().toLowHexDigit(nibble);
        }
        Arrays.fill(raw, (byte) 0);
        return value;
    }

    private byte[] base64(SecureRandom random) {
        byte[] raw = raw(random, length);
        byte[] value = Base64.getEncoder().encode(raw);
        Arrays.fill(raw, (byte) 0);
        return value;
    }

    private static byte[] uuid(SecureRandom random) {
        byte[] raw = raw(random, UUID_BYTES);
        raw[6] = (byte) ((raw[6] & 0x0f) | 0x40);
        raw[8] = (byte) ((raw[8] & 0x3f) | 0x80);
        byte[] value = new byte[36];
        int at = 0;
        for (int i = 0; i < UUID_BYTES; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                value[at++] = '-';
            }
            value[at++] = (byte) HexFormat.of().toLowHexDigit(raw[i] >> 4);
            value[at++] = (byte) HexFormat.of().toLowHexDigit(raw[i]);
        }
        Arrays.fill(raw, (byte) 0);
        return value;
    }

    private static byte[] raw(SecureRandom random, int bytes) {
        byte[] raw = new byte[bytes];
        random.nextBytes(raw);
        return raw;
    }
}
