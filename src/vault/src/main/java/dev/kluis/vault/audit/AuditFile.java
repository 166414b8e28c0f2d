package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The audit in files of one folder, readable by their owner alone (mode 0600): {@value #CURRENT} is written, and renamed to
 * {@code audit-<number>-<time>.log} when it is too large or too old; of those, so many are kept. A write that failed in its middle is
 * taken back before it is tried again; what a crash tore is cut off at the next start.
 */
public final class AuditFile implements LineWriter, AuditSearch {

    /** The file that is written. */
    public static final String CURRENT = "audit.log";

    /** What its sink is called. */
    public static final String SINK = "file";

    private static final Pattern ROTATED = Pattern.compile("audit-([0-9]{10})-[0-9]{8}T[0-9]{9}Z\\.log");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int TAIL = AuditLine.LIMIT + 1;

    /**
     * @param maxBytes after which the file is rotated
     * @param maxAge after which the file is rotated
     * @param keep how many rotated files are kept
     * @param fsync whether each batch of lines is forced to the disk before it counts as written; otherwise the system
     *     writes them when it likes, and a crash of the node, not of the process, can lose the last seconds
     */
    public record Settings(Path folder, long maxBytes, Duration maxAge, int keep, boolean fsync) {
        public Settings {
            if (maxBytes < AuditLine.LIMIT
                    || keep < 1
                    || keep > 10_000
                    || maxAge.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException("an audit file is rotated at 64 KiB or more and after a minute or"
                        + " more, and 1 to 10000 rotated ones are kept");
            }
        }
    }

    private final Settings settings;
    private final InstantSource clock;
    private final Path current;
    private @Nullable FileChannel channel;
    private Instant opened = Instant.MAX;
    private long length;

    public AuditFile(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.current = settings.folder().resolve(CURRENT);
    }

    /** The last whole line that the files have, for the start of the next chain. */
    public synchronized Optional<ChainPosition> last() throws IOException {
        var newest = files();
        for (int i = newest.size() - 1; i >= 0; i--) {
            var line = lastLine(newest.get(i));
            if (line.isPresent()) {
                return line.map(AuditLine::position);
            }
        }
        return Optional.empty();
    }

    private static Optional<AuditLine> lastLine(Path file) throws IOException {
        try (var in = FileChannel.open(file, READ)) {
            long size = in.size();
            var tail = ByteBuffer.allocate((int) Math.min(size, 2L * TAIL));
            long from = size - tail.capacity();
            while (tail.hasRemaining() && in.read(tail, from + tail.position()) > 0) {}
            String text = new String(tail.array(), 0, tail.position(), US_ASCII);
            int end = text.lastIndexOf('\n');
            if (end < 0) {
                return Optional.empty();
            }
            String line = text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
            return Optional.of(AuditLine.parse(line.getBytes(US_ASCII)));
        } catch (MalformedLineException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void write(List<String> lines) throws IOException {
        var bytes = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(US_ASCII));
        var out = open(bytes.remaining());
        try {
            while (bytes.hasRemaining()) {
                int _ = out.write(bytes, length + bytes.position());
            }
            if (settings.fsync()) {
                out.force(false);
            }
            length += bytes.limit();
        } catch (IOException e) {
            takeBack(out, e);
            throw e;
        }
    }

    /** No half of a batch stays: the whole is written again. */
    private void takeBack(FileChannel out, IOException cause) {
        try (out) {
            out.truncate(length);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        channel = null;
    }

    private FileChannel open(int more) throws IOException {
        if (channel != null && due(more)) {
            rotate();
        }
        if (channel == null) {
            var created = FileChannel.open(
                    current,
                    Set.of(CREATE, READ, WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            length = wholeLines(created);
            created.truncate(length);
            opened = length == 0 ? clock.instant() : firstTime().orElseGet(clock::instant);
            channel = created;
        }
        return channel;
    }

    private boolean due(int more) {
        return length > 0
                && (length + more > settings.maxBytes() || !clock.instant().isBefore(opened.plus(settings.maxAge())));
    }

    /** How long the file is up to the end of its last whole line. */
    private static long wholeLines(FileChannel file) throws IOException {
        var one = ByteBuffer.allocate(1);
        for (long end = file.size(); end > 0; end--) {
            one.clear();
            if (file.read(one, end - 1) == 1 && one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }

    private Optional<Instant> firstTime() throws IOException {
        try (var reader = Files.newBufferedReader(current, ISO_8859_1)) {
            return parse(reader.readLine()).map(AuditLine::time);
        }
    }

    private void rotate() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        Files.move(
                current,
                settings.folder().resolve("audit-%010d-%s.log".formatted(next(), STAMP.format(clock.instant()))),
                ATOMIC_MOVE);
        var rotated = rotated();
        for (var old : rotated.subList(0, Math.max(0, rotated.size() - settings.keep()))) {
            Files.deleteIfExists(old);
        }
    }

    /** Numbered, since a clock may be set back. */
    private long next() throws IOException {
        var rotated = rotated();
        if (rotated.isEmpty()) {
            return 1;
        }
        var newest = ROTATED.matcher(name(rotated.getLast()));
        return newest.matches() ? Long.parseLong(newest.group(1)) + 1 : 1;
    }

    /** All files there are, in the order in which they were written. */
    public synchronized List<Path> files() throws IOException {
        var all = new ArrayList<>(rotated());
        if (Files.exists(current)) {
            all.add(current);
        }
        return all;
    }

    private List<Path> rotated() throws IOException {
        try (var folder = Files.list(settings.folder())) {
            return folder.filter(file -> ROTATED.matcher(name(file)).matches())
                    .sorted(Comparator.comparing(AuditFile::name))
                    .toList();
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    @Override
    public List<AuditLine> search(AuditFilter filter, int limit) throws IOException {
        var found = new ArrayDeque<AuditLine>();
        var newest = files();
        for (int i = newest.size() - 1; i >= 0 && found.size() < limit; i--) {
            var here = lastMatching(newest.get(i), filter::matches, limit - found.size());
            here.descendingIterator().forEachRemaining(found::addFirst);
        }
        return List.copyOf(found);
    }

    private static ArrayDeque<AuditLine> lastMatching(Path file, Predicate<AuditLine> wanted, int limit)
            throws IOException {
        var found = new ArrayDeque<AuditLine>();
        try (BufferedReader reader = Files.newBufferedReader(file, ISO_8859_1)) {
            for (var text = reader.readLine(); text != null; text = reader.readLine()) {
                parse(text).filter(wanted).ifPresent(line -> {
                    if (found.size() == limit) {
                        found.removeFirst();
                    }
                    found.addLast(line);
                });
            }
        }
        return found;
    }

    @Override
    public void read(Consumer<AuditLine> each) throws IOException {
        List<Path> older;
        BufferedReader newest;
        synchronized (this) {
            older = rotated();
            // Opened before it can be renamed: its lines are read wherever it is then.
            newest = Files.exists(current) ? Files.newBufferedReader(current, ISO_8859_1) : null;
        }
        try (newest) {
            for (var file : older) {
                try (var reader = Files.newBufferedReader(file, ISO_8859_1)) {
                    read(reader, each);
                } catch (NoSuchFileException e) {
                    // There were too many.
                }
            }
            if (newest != null) {
                read(newest, each);
            }
        }
    }

    private static void read(BufferedReader reader, Consumer<AuditLine> each) throws IOException {
        for (var text = reader.readLine(); text != null; text = reader.readLine()) {
            parse(text).ifPresent(each);
        }
    }

    @Override
    public Optional<String> sink() {
        return Optional.of(SINK);
    }

    @Override
    public Optional<Instant> since() throws IOException {
        for (var file : files()) {
            try (BufferedReader reader = Files.newBufferedReader(file, ISO_8859_1)) {
                var first = parse(reader.readLine());
                if (first.isPresent()) {
                    return first.map(AuditLine::time);
                }
            }
        }
        return Optional.empty();
    }

    /** A line that cannot be read, or is being written just now, is the verification's to tell. */
    private static Optional<AuditLine> parse(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(AuditLine.parse(text.getBytes(ISO_8859_1)));
        } catch (MalformedLineException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.force(true);
            channel.close();
            channel = null;
        }
    }
}
