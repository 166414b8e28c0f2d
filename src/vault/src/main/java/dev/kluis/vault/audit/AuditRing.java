package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last lines of this process in memory, as bytes of about 1 KiB each, so that they can be searched without a file. A
 * line is copied over an old one and no new array is kept: what lives for ten thousand lines and then goes would fill the
 * heap's old part, and stop everything while that is collected.
 */
public final class AuditRing implements AuditSearch, AuditChain.Listener {

    /** How many lines are kept by default. */
    public static final int CAPACITY = 10_000;

    private final byte[][] places;
    private final int[] lengths;
    /** How many lines there have been; the next one's number here. */
    private long end;

    public AuditRing(int capacity) {
        if (capacity < 1 || capacity > 1_000_000) {
            throw new IllegalArgumentException("the ring keeps 1 to 1000000 lines");
        }
        places = new byte[capacity][0];
        lengths = new int[capacity];
    }

    @Override
    public void accept(Long number, String line) {
        byte[] bytes = line.getBytes(US_ASCII);
        synchronized (places) {
            int place = (int) (end % places.length);
            if (places[place].length < bytes.length) {
                places[place] = bytes;
            } else {
                System.arraycopy(bytes, 0, places[place], 0, bytes.length);
            }
            lengths[place] = bytes.length;
            end++;
        }
    }

    /** The numbers of the lines that are here now: from, and up to before. */
    private record Range(long from, long to) {}

    private Range range() {
        synchronized (places) {
            return new Range(Math.max(0, end - places.length), end);
        }
    }

    /** A copy of a line; null when another has taken its place. */
    private byte @Nullable [] line(long number) {
        synchronized (places) {
            int place = (int) (number % places.length);
            return number < end - places.length ? null : Arrays.copyOf(places[place], lengths[place]);
        }
    }

    @Override
    public List<AuditLine> search(AuditFilter filter, int limit) {
        var range = range();
        var found = new ArrayDeque<AuditLine>();
        for (long number = range.to() - 1; number >= range.from() && found.size() < limit; number--) {
            byte[] bytes = line(number);
            if (bytes == null) {
                break; // and so have those before it
            }
            var line = parse(bytes);
            if (filter.matches(line)) {
                found.addFirst(line);
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void read(Consumer<AuditLine> each) {
        var range = range();
        for (long number = range.from(); number < range.to(); number++) {
            byte[] bytes = line(number);
            if (bytes != null) {
                each.accept(parse(bytes));
            }
        }
    }

    @Override
    public Optional<String> sink() {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> since() {
        synchronized (places) {
            long first = range().from();
            return first == end
                    ? Optional.empty()
                    : Optional.ofNullable(line(first)).map(AuditRing::parse).map(AuditLine::time);
        }
    }

    private static AuditLine parse(byte[] line) {
        try {
            return AuditLine.parse(line);
        } catch (MalformedLineException e) {
            throw new IllegalStateException("the audit wrote a line that it does not read", e);
        }
    }
}
