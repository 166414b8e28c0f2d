package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where one sink's lines go. Called by one thread at a time, which it may keep waiting. */
@FunctionalInterface
public interface LineWriter extends AutoCloseable {

    /**
     * Writes all of the lines, or throws; then they are given again, all of them.
     *
     * @param lines of printable ASCII, without their ends
     */
    void write(List<String> lines) throws IOException;

    @Override
    default void close() throws IOException {}

    /** Writes to a stream that tells of its errors, such as standard output's, which a PrintStream hides. */
    static LineWriter to(OutputStream stream) {
        return lines -> {
            stream.write((String.join("\n", lines) + "\n").getBytes(US_ASCII));
            stream.flush();
        };
    }

    /** The other side said when it wants to be asked again. */
    final class LaterException extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient Optional<Duration> after;

        /** @param after how long to wait at least */
        public LaterException(String message, Optional<Duration> after) {
            super(message);
            this.after = after;
        }

        public Optional<Duration> after() {
            return after;
        }
    }
}
