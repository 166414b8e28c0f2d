package dev.kluis.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs of others, as an attacker would: at bytes, at lengths, at numbers, at texts. */
final class Changes {

    /** The longest input that is made, in bytes, unless one of the corpus is longer. */
    private static final int LONGEST = 64 * 1024;

    private static final int MOST_AT_ONCE = 6;
    /** The last second of java.time. */
    private static final long LAST_SECOND = 31_556_889_864_403_199L;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE - 8L,
        0xffffffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        LAST_SECOND,
        LAST_SECOND + 1
    };
    /** Sequences that no UTF-8 has, and characters that are more than they seem. */
    private static final byte[][] TEXTS = {
        {(byte) 0xc0, (byte) 0xaf},
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xff},
        {(byte) 0x80},
        {0},
        "\r\n".getBytes(UTF_8),
        "\u0661\uff11".getBytes(UTF_8),
        "\u202e\u2028\ufeff".getBytes(UTF_8),
        "\u0130\u017f\ud83d\udd11".getBytes(UTF_8)
    };

    private final Random random;
    private final List<byte[]> words;

    /** @param words that the format has, which are put in as they are */
    Changes(Random random, List<byte[]> words) {
        this.random = random;
        this.words = words;
    }

    byte[] of(List<byte[]> pool) {
        byte[] input = any(pool).clone();
        for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
            byte[] changed = changed(input, pool);
            input = changed.length <= Math.max(LONGEST, input.length) ? changed : input;
        }
        return input;
    }

    private byte[] changed(byte[] input, List<byte[]> pool) {
        int at = random.nextInt(input.length + 1);
        int to = at + random.nextInt(input.length - at + 1);
        return switch (random.nextInt(11)) {
            case 0 -> flipped(input);
            case 1 -> overwritten(input, at, new byte[] {(byte) random.nextInt()});
            case 2 -> Arrays.copyOf(input, at);
            case 3 -> joined(Arrays.copyOf(input, at), Arrays.copyOfRange(input, to, input.length));
            case 4 -> {
                byte[] other = any(pool);
                int from = random.nextBoolean() ? Math.min(at, other.length) : random.nextInt(other.length + 1);
                yield joined(Arrays.copyOf(input, at), Arrays.copyOfRange(other, from, other.length));
            }
            case 5 -> overwritten(input, at, number(NUMBERS[random.nextInt(NUMBERS.length)], 1 << random.nextInt(4)));
            case 6 -> moved(input);
            case 7 -> inserted(input, at, Arrays.copyOfRange(input, at, to));
            case 8 -> inserted(input, at, TEXTS[random.nextInt(TEXTS.length)]);
            case 9 -> {
                byte[] filled = input.clone();
                Arrays.fill(filled, at, Math.min(to, at + 16), (byte) -random.nextInt(2));
                yield filled;
            }
            default -> {
                byte[] word = words.isEmpty()
                        ? number(NUMBERS[random.nextInt(NUMBERS.length)], 1 << random.nextInt(4))
                        : any(words);
                yield random.nextBoolean() ? inserted(input, at, word) : overwritten(input, at, word);
            }
        };
    }

    private byte[] any(List<byte[]> of) {
        return of.get(random.nextInt(of.size()));
    }

    private byte[] flipped(byte[] input) {
        byte[] flipped = input.clone();
        if (input.length > 0) {
            flipped[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    /** A number in it, such as a length, is a little more or less; big-endian. */
    private byte[] moved(byte[] input) {
        int width = 1 << random.nextInt(3);
        if (input.length < width) {
            return input;
        }
        int at = random.nextInt(input.length - width + 1);
        long before = 0;
        for (int i = at; i < at + width; i++) {
            before = before << 8 | (input[i] & 0xff);
        }
        return overwritten(input, at, number(before + random.nextInt(33) - 16, width));
    }

    private static byte[] number(long number, int width) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return Arrays.copyOfRange(all, Long.BYTES - width, Long.BYTES);
    }

    private static byte[] overwritten(byte[] input, int at, byte[] by) {
        byte[] changed = input.clone();
        System.arraycopy(by, 0, changed, at, Math.min(by.length, input.length - at));
        return changed;
    }

    private static byte[] inserted(byte[] input, int at, byte[] what) {
        return joined(joined(Arrays.copyOf(input, at), what), Arrays.copyOfRange(input, at, input.length));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
