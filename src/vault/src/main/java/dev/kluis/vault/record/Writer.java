package dev.kluis.vault.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HexFormat;

/** Writes the primitives of docs/reference/format.md: big-endian integers, counted UTF-8, fixed-length bytes. */
public final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    public Writer flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public Writer u8(int value) {
        out.write(value);
        return this;
    }

    public Writer u16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("a count of " + value + " does not fit into 16 bits");
        }
        return u8(value >>> 8).u8(value);
    }

    public Writer u32(int value) {
        return u8(value >>> 24).u8(value >>> 16).u8(value >>> 8).u8(value);
    }

    public Writer i64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** Milliseconds since 1970-01-01T00:00:00Z. */
    public Writer time(Instant time) {
        return i64(time.toEpochMilli());
    }

    public Writer bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public Writer hex(String hex) {
        return bytes(HexFormat.of().parseHex(hex));
    }

    public Writer text(String text, int limit) {
        byte[] utf8 = text.getBytes(UTF_8);
        if (utf8.length > limit) {
            throw new IllegalArgumentException("a text of " + utf8.length + " bytes is over the limit of " + limit);
        }
        return u16(utf8.length).bytes(utf8);
    }

    public Writer block(byte[] bytes) {
        return u32(bytes.length).bytes(bytes);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
