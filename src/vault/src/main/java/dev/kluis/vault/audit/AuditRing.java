package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The last lines of this process in memory, as bytes of about 1 KiB each, so that they can be searched without a file. */
public final class AuditRing implements AuditSearch, AuditChain.Listener {

    /** How many lines are kept by default. */
    public static final int CAPACITY = 10_000;

    private final int capacity;
    private final Deque<byte[]> lines = new ArrayDeque<>();

    public AuditRing(int capacity) {
        if (capacity < 1 || capacity > 1_000_000) {
            throw new IllegalArgumentException("the ring keeps 1 to 1000000 lines");
        }
        this.capacity = capacity;
    }

    @Override
    public void accept(Long number, String line) {
        synchronized (lines) {
            if (lines.size() == capacity) {
                lines.removeFirst();
            }
            lines.addLast(line.getBytes(US_ASCII));
        }
    }

    @Override
    public List<AuditLine> search(AuditFilter filter, int limit) {
        var all = all();
        var found = new ArrayDeque<AuditLine>();
        for (int i = all.size() - 1; i >= 0 && found.size() < limit; i--) {
            var line = parse(all.get(i));
            if (filter.matches(line)) {
                found.addFirst(line);
            }
        }
        return List.copyOf(found);
    }

    private List<byte[]> all() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }

    @Override
    public void read(Consumer<AuditLine> each) {
        all().forEach(line -> each.accept(parse(line)));
    }

    @Override
    public Optional<String> sink() {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> since() {
        synchronized (lines) {
            return Optional.ofNullable(lines.peekFirst()).map(AuditRing::parse).map(AuditLine::time);
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
