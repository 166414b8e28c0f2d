package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.crypto.Sha256;
import dev.kluis.crypto.SigningKey;
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.audit.AuditLines.Checkpoint;
import dev.kluis.vault.audit.AuditLines.Place;
import dev.kluis.vault.seal.Seal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit records as JSON lines that form a chain: each line holds the instance, a number that grows by one, and the
 * hash of the line before, so that a line edited, left out or moved is found. The hash of a line is SHA-256 over its bytes
 * without the line end; the first line of an instance names 64 zeros. Signed checkpoints in the same stream say that
 * what is before them is whole. The chain is made once; every sink gets the same lines.
 */
public final class AuditChain implements AuditSink, AutoCloseable {

    /** The {@code previous} of an instance's first line. */
    public static final String NO_PREVIOUS = "0".repeat(64);
    /** What the checkpoints' key is derived for: its seed (RFC 8032 §5.1.5) is what {@link Seal#derive} gives. */
    public static final String PURPOSE = "audit/checkpoint";

    /** Why a checkpoint was made. */
    public enum Occasion {
        START,
        INTERVAL,
        /** Another key signs from now on. */
        KEY,
        STOP;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param instance 32 hex characters, new for each process
     * @param lines after how many lines a checkpoint is due
     * @param every after which time a checkpoint is due, when there was something
     * @param follows the last line that the file has of an earlier process
     */
    public record Settings(String instance, int lines, Duration every, Optional<ChainPosition> follows) {
        public Settings {
            if (lines < 1 || every.isNegative() || every.isZero()) {
                throw new IllegalArgumentException("checkpoints are made after at least one line and some time");
            }
        }
    }

    /** Takes each line as it is made, by its number; quick, since it holds up all operations. */
    @FunctionalInterface
    public interface Listener extends BiConsumer<Long, String> {}

    private final Settings settings;
    private final InstantSource clock;
    private final List<AuditOutlet> outlets;
    private final Listener listener;
    private long number;
    private String previous = NO_PREVIOUS;
    private int sinceCheckpoint;
    private Instant lastCheckpoint;
    private @Nullable SigningKey signer;
    private boolean closed;

    public AuditChain(Settings settings, InstantSource clock, List<AuditOutlet> outlets, Listener listener) {
        this.settings = settings;
        this.clock = clock;
        this.outlets = List.copyOf(outlets);
        this.listener = listener;
        this.lastCheckpoint = clock.instant();
    }

    /** The keys that come from a seal's roots, the newest last. */
    public static List<SigningKey> keys(Seal seal) {
        var keys = new ArrayList<SigningKey>();
        for (var seed : seal.derive(PURPOSE)) {
            try (seed) {
                keys.add(SigningKey.ofSeed(seed));
            }
        }
        return keys;
    }

    /** Signs by the newest root's key, after those of the roots before it that are here have named it. */
    @Override
    public void unsealed(Seal seal) {
        var keys = keys(seal);
        synchronized (this) {
            int current = -1;
            for (int i = 0; i < keys.size(); i++) {
                if (signer != null && signer.verifyingKey().equals(keys.get(i).verifyingKey())) {
                    current = i;
                }
            }
            keys.subList(current + 1, keys.size()).forEach(this::signWith);
        }
    }

    /** Signs checkpoints by this key from now on; the key before it, if there was one, names it in a checkpoint. */
    public synchronized void signWith(SigningKey key) {
        var before = signer;
        if (before == null) {
            signer = key;
            // What a sealed process said before has told already what it follows, and is signed for by this.
            checkpoint(key, Occasion.START, Optional.empty(), number == 0 ? settings.follows() : Optional.empty());
        } else if (!before.verifyingKey().equals(key.verifyingKey())) {
            checkpoint(before, Occasion.KEY, Optional.of(key), Optional.empty());
            signer = key;
            checkpoint(key, Occasion.KEY, Optional.empty(), Optional.empty());
        }
    }

    @Override
    public void admit() {
        for (int i = 0; i < outlets.size(); i++) {
            boolean admitted = false;
            try {
                admitted = outlets.get(i).admit();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!admitted) {
                outlets.subList(0, i).forEach(AuditOutlet::withdraw);
                throw AuditUnavailableException.full(outlets.get(i).name());
            }
        }
    }

    @Override
    public void withdraw() {
        outlets.forEach(AuditOutlet::withdraw);
    }

    @Override
    public void accept(AuditRecord record) {
        var _ = take(record);
    }

    @Override
    public synchronized Told take(AuditRecord record) {
        if (closed) {
            throw new IllegalStateException("the audit was closed");
        }
        if (signer == null && number == 0 && record.target() == Installation.SEAL) {
            append(AuditLines.start(clock.instant(), settings.follows(), place()), false);
        }
        tellGaps();
        long own = number;
        append(AuditLines.event(record, place()), true);
        if (sinceCheckpoint >= settings.lines()) {
            interval();
        }
        return limit -> written(own, limit);
    }

    private boolean written(long line, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (var outlet : outlets) {
            if (!outlet.written(line, deadline - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /** Makes a checkpoint when it is time and there was something; called about every second. */
    public synchronized void tick() {
        if (closed) {
            return;
        }
        tellGaps();
        if (sinceCheckpoint > 0 && !clock.instant().isBefore(lastCheckpoint.plus(settings.every()))) {
            interval();
        }
    }

    @Override
    public boolean flush(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (var outlet : outlets) {
            if (!outlet.flush(deadline - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /** Ends the stream in order, and the sinks. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            tellGaps();
            if (signer != null) {
                checkpoint(signer, Occasion.STOP, Optional.empty(), Optional.empty());
            }
            closed = true;
        }
        // Beside each other: each may take its farewell, and the process has ten seconds.
        var farewells = outlets.stream()
                .map(outlet -> Thread.ofVirtual().start(outlet::close))
                .toList();
        try {
            for (var farewell : farewells) {
                farewell.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The hash of a line: 64 hex characters. */
    public static String hash(String line) {
        return hash(line.getBytes(US_ASCII));
    }

    static String hash(byte[] line) {
        return Sha256.hex(line);
    }

    /** The bytes that a checkpoint's signature is over: a text of its own, and the line up to its signature. */
    static byte[] signed(String lineUpToSignature) {
        return ("kluis audit checkpoint 1\n" + lineUpToSignature).getBytes(US_ASCII);
    }

    private void interval() {
        if (signer != null) {
            checkpoint(signer, Occasion.INTERVAL, Optional.empty(), Optional.empty());
        }
    }

    private void checkpoint(
            SigningKey by, Occasion occasion, Optional<SigningKey> next, Optional<ChainPosition> follows) {
        var now = clock.instant();
        String open = AuditLines.unsigned(
                new Checkpoint(now, occasion, by.verifyingKey(), next.map(SigningKey::verifyingKey), follows), place());
        String upToSignature = open.substring(0, open.length() - 1);
        String signature = HexFormat.of().formatHex(by.sign(signed(upToSignature)));
        append(upToSignature + AuditLines.SIGNATURE + signature + "\"}", false);
        sinceCheckpoint = 0;
        lastCheckpoint = now;
    }

    private void tellGaps() {
        for (var outlet : outlets) {
            outlet.reopen().ifPresent(gap -> append(AuditLines.dropped(clock.instant(), gap, place()), false));
        }
    }

    private Place place() {
        return new Place(settings.instance(), number, previous);
    }

    private void append(String line, boolean admitted) {
        for (var outlet : outlets) {
            outlet.offer(line, number, previous, admitted);
        }
        listener.accept(number, line);
        previous = hash(line);
        number++;
        sinceCheckpoint++;
    }
}
