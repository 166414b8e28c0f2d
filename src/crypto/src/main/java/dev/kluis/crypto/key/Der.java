package dev.kluis.crypto.key;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * As much of DER (ITU-T X.690 §10) as keys and signatures need. Reads definite lengths below 65,536 in the shortest form
 * only, so that what is read has one encoding. An attacker may control every byte that is read; a malformed one is a
 * {@link KeyRefusedException} with {@link Refusal#INVALID_KEY}.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private final int end;
    private int at;

    private Der(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** @param bytes are not copied */
    static Der of(byte[] bytes) {
        return new Der(bytes, 0, bytes.length);
    }

    boolean more() {
        return at < end;
    }

    /** Whether the next element has this tag. */
    boolean next(int tag) {
        return more() && (bytes[at] & 0xff) == tag;
    }

    /** The contents of the next element, which has to have this tag. */
    Der read(int tag) throws KeyRefusedException {
        if (!next(tag)) {
            throw malformed();
        }
        at++;
        int length = length();
        if (length > end - at) {
            throw malformed();
        }
        var contents = new Der(bytes, at, at + length);
        at += length;
        return contents;
    }

    /** The next element with its tag and length, as a copy. */
    byte[] element() throws KeyRefusedException {
        int from = at;
        if (!more()) {
            throw malformed();
        }
        read(bytes[at] & 0xff);
        return Arrays.copyOfRange(bytes, from, at);
    }

    private int length() throws KeyRefusedException {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int length = switch (first) {
            case 0x81 -> octet();
            case 0x82 -> octet() << 8 | octet();
            default -> throw malformed();
        };
        if (length < (first == 0x81 ? 0x80 : 0x100)) {
            throw malformed();
        }
        return length;
    }

    private int octet() throws KeyRefusedException {
        if (!more()) {
            throw malformed();
        }
        return bytes[at++] & 0xff;
    }

    /** The rest, as a copy. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return rest;
    }

    /** A number that is not negative. */
    BigInteger integer() throws KeyRefusedException {
        byte[] contents = read(INTEGER).rest();
        boolean negative = contents.length > 0 && contents[0] < 0;
        boolean padded = contents.length > 1 && contents[0] == 0 && contents[1] >= 0;
        if (contents.length == 0 || negative || padded) {
            throw malformed();
        }
        var number = new BigInteger(contents);
        Arrays.fill(contents, (byte) 0);
        return number;
    }

    /** The bytes of a bit string that has no unused bits. */
    byte[] bits() throws KeyRefusedException {
        var contents = read(BIT_STRING);
        if (contents.octet() != 0) {
            throw malformed();
        }
        return contents.rest();
    }

    void end() throws KeyRefusedException {
        if (more()) {
            throw malformed();
        }
    }

    private static KeyRefusedException malformed() {
        return new KeyRefusedException(Refusal.INVALID_KEY, "the key is not well-formed DER");
    }

    static byte[] sequence(byte[]... elements) {
        return write(SEQUENCE, elements);
    }

    /** @param number not negative */
    static byte[] integer(BigInteger number) {
        byte[] contents = number.toByteArray();
        byte[] element = write(INTEGER, contents);
        Arrays.fill(contents, (byte) 0);
        return element;
    }

    static byte[] bits(byte[] contents) {
        return write(BIT_STRING, new byte[1], contents);
    }

    static byte[] write(int tag, byte[]... contents) {
        int length = Arrays.stream(contents).mapToInt(one -> one.length).sum();
        var header = new ByteArrayOutputStream(4);
        header.write(tag);
        if (length >= 0x100) {
            header.write(0x82);
            header.write(length >> 8);
        } else if (length >= 0x80) {
            header.write(0x81);
        }
        header.write(length);
        byte[] element = Arrays.copyOf(header.toByteArray(), header.size() + length);
        int at = header.size();
        for (byte[] one : contents) {
            System.arraycopy(one, 0, element, at, one.length);
            at += one.length;
        }
        return element;
    }

    static void wipe(byte[]... secrets) {
        for (byte[] one : secrets) {
            Arrays.fill(one, (byte) 0);
        }
    }
}
