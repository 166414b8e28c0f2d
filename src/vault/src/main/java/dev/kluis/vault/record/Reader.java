package dev.kluis.vault.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Reads what {@link Writer} writes. Whoever can write to the store, or made a backup, controls every byte: each length is checked against
 * what is left before anything is allocated, text is strict UTF-8, and nothing may follow the end.
 */
public final class Reader {

    private final ByteBuffer in;

    public Reader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    public int u8() throws MalformedRecordException {
        require(1);
        return in.get() & 0xff;
    }

    public int u16() throws MalformedRecordException {
        require(2);
        return in.getShort() & 0xffff;
    }

    public int u32() throws MalformedRecordException {
        require(4);
        int value = in.getInt();
        if (value < 0) {
            throw new MalformedRecordException("a number is over 2^31");
        }
        return value;
    }

    public long i64() throws MalformedRecordException {
        require(8);
        return in.getLong();
    }

    public Instant time() throws MalformedRecordException {
        return Instant.ofEpochMilli(i64());
    }

    public boolean flag() throws MalformedRecordException {
        int value = u8();
        if (value > 1) {
            throw new MalformedRecordException("a flag is neither 0 nor 1");
        }
        return value == 1;
    }

    public byte[] bytes(int length) throws MalformedRecordException {
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    public String hex(int length) throws MalformedRecordException {
        return HexFormat.of().formatHex(bytes(length));
    }

    public String text(int limit) throws MalformedRecordException {
        int length = u16();
        if (length > limit) {
            throw new MalformedRecordException("a text is over its limit of " + limit + " bytes");
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length))).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedRecordException("a text is not UTF-8");
        }
    }

    /** An object's name as it is kept, in lower case: it is written in one way only. */
    public String objectName(int limit) throws MalformedRecordException {
        String name = text(limit);
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new MalformedRecordException("an object's name is not in lower case");
        }
        return name;
    }

    public byte[] block() throws MalformedRecordException {
        return bytes(u32());
    }

    public void end() throws MalformedRecordException {
        if (in.hasRemaining()) {
            throw new MalformedRecordException(in.remaining() + " bytes follow the end");
        }
    }

    private void require(int bytes) throws MalformedRecordException {
        if (bytes > in.remaining()) {
            throw new MalformedRecordException("the bytes end too early");
        }
    }
}
