package dev.kluis.cli;

import dev.kluis.cli.WrappedLine.MalformedLineException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings wrapped keys to a version, line by line. Whatever happens a line comes out for each that goes in, in its place: what
 * cannot be rewrapped comes out as it was, so that no key is lost where the result replaces the list.
 */
final class Rewrapping {

    /** What a vault does with its key. */
    interface Keys {

        /** The wrapped key in the clear, base64url. */
        String unwrap(String version, String algorithm, String value);

        /** The key, wrapped, base64url. */
        String wrap(String version, String algorithm, String value);
    }

    /**
     * How it went.
     *
     * @param unchanged under the version before
     * @param failed tried and not done
     * @param skipped not tried, since nothing would have come of it
     * @param stopped why not, if anything was
     */
    record Counts(long rewrapped, long unchanged, long failed, long skipped, Optional<CommandException> stopped) {

        long lines() {
            return rewrapped + unchanged + failed + skipped;
        }
    }

    private final Keys keys;
    private final String key;
    private final String current;
    private final String usualVersion;
    private final String usualAlgorithm;
    private final Consumer<String> failures;
    private long number;
    private long rewrapped;
    private long unchanged;
    private long failed;
    private long skipped;
    private @Nullable CommandException stopped;

    /**
     * @param key its name
     * @param current the version that all come to
     * @param usualVersion by which a line was wrapped that does not say; empty where all do
     * @param failures are told of each line that could not be rewrapped
     */
    Rewrapping(
            Keys keys,
            String key,
            String current,
            String usualVersion,
            String usualAlgorithm,
            Consumer<String> failures) {
        this.keys = keys;
        this.key = key;
        this.current = current;
        this.usualVersion = usualVersion;
        this.usualAlgorithm = usualAlgorithm;
        this.failures = failures;
    }

    /** What comes out for the next line. */
    String next(String line) {
        number++;
        if (line.isBlank()) {
            return line;
        }
        try {
            return rewrapped(WrappedLine.parse(line.strip(), key, usualVersion, usualAlgorithm), line);
        } catch (MalformedLineException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (CommandException e) {
            if (e.concernsAll()) {
                stopped = e;
            }
            fail(String.valueOf(e.getMessage()));
        }
        return line;
    }

    private String rewrapped(WrappedLine wrapped, String line) {
        if (wrapped.version().equalsIgnoreCase(current)) {
            unchanged++;
            return line;
        }
        if (stopped != null) {
            skipped++;
            return line;
        }
        String inTheClear = keys.unwrap(wrapped.version(), wrapped.algorithm(), wrapped.value());
        String result = wrapped.wrappedBy(current, keys.wrap(current, wrapped.algorithm(), inTheClear));
        rewrapped++;
        return result;
    }

    private void fail(String why) {
        failed++;
        failures.accept("line " + number + ": " + why);
    }

    Counts counts() {
        return new Counts(rewrapped, unchanged, failed, skipped, Optional.ofNullable(stopped));
    }
}
