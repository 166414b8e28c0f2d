package dev.kluis.csi.mount;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One object of a mount and the file that it becomes.
 *
 * @param reference what is fetched
 * @param path where it is written
 * @param mode of the file, 0 to 0777 (octal)
 * @param encoding what the value is decoded from before it is written
 */
public record RequestedObject(Reference reference, FilePath path, int mode, Encoding encoding) {

    /**
     * A version of an object, or its current one.
     *
     * @param name {@code [0-9a-zA-Z-]{1,127}}; case is kept as written and does not count
     * @param version 32 lower-case hex characters; empty is the current version
     */
    public record Reference(Kind kind, String name, String version) {

        /** What the driver and the node's copies know the object by; alike for names that differ by case only. */
        String id() {
            return kind.text + "/" + name.toLowerCase(Locale.ROOT);
        }
    }

    /** Of {@code objectType}. */
    public enum Kind {
        /** Its value is the file. */
        SECRET("secret"),
        /** The file has its public part, a SubjectPublicKeyInfo in PEM. */
        KEY("key");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        static Kind of(String text, String name) {
            return Arrays.stream(values())
                    .filter(one -> one.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new InvalidMountException("objectType of '" + name + "' is '"
                            + FilePath.shown(text) + "'; 'secret' and 'key' are those there are in this version"));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Of {@code objectEncoding}. */
    public enum Encoding {
        UTF_8("utf-8"),
        BASE64("base64"),
        HEX("hex");

        private final String text;

        Encoding(String text) {
            this.text = text;
        }

        static Encoding of(String text) {
            return Arrays.stream(values())
                    .filter(one -> one.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new InvalidMountException(
                            "objectEncoding is utf-8, base64 or hex, not '" + FilePath.shown(text) + "'"));
        }

        /** The bytes of the file; the value is never part of what is thrown. */
        byte[] decode(byte[] value, String name) {
            try {
                return switch (this) {
                    case UTF_8 -> value;
                    case BASE64 -> Base64.getDecoder().decode(value);
                    case HEX -> HexFormat.of().parseHex(new String(value, US_ASCII));
                };
            } catch (IllegalArgumentException e) {
                throw new InvalidMountException("the value of secret '" + name + "' is not " + text
                        + ", as its objectEncoding says: correct one of the two");
            }
        }
    }
}
