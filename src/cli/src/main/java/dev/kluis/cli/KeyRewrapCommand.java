package dev.kluis.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings wrapped keys to the newest version of the key that wrapped them. */
@Command(
        name = "rewrap",
        description = {
            "Unwraps each key of a list by the version that wrapped it, and wraps it by the current one.",
            "A line is a JSON object as 'wrapkey' answers it, {\"kid\": ..., \"value\": ...}, whose other members stay, or the wrapped"
                    + " key alone, base64url; then --version says what wrapped it.",
            "Standard output has a line for each, in the same order; what is under the current version already, and what cannot"
                    + " be rewrapped, comes out as it was.",
            "When all is done the command ends with 0; when some lines could not be, with 6; when it had to stop since the token,"
                    + " the right or Kluis itself was missing, with 1 or 4. Standard error says which lines."
        })
final class KeyRewrapCommand extends KeyCommand.OfKey {

    private static final int LONGEST_LINE = 64 * 1024;
    private static final int OFTEN = 100;
    private static final int SELDOM = 1000;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The list; default is standard input.")
    private @Nullable Path file;

    @Option(names = "--version", paramLabel = "VERSION", description = "What wrapped the lines that do not say.")
    private String version = "";

    @Option(
            names = "--algorithm",
            paramLabel = "ALG",
            description = "By which it wrapped the lines that have no member alg; default ${DEFAULT-VALUE}.")
    private String algorithm = "RSA-OAEP-256";

    KeyRewrapCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(KluisApi api, String path) {
        if (!version.isEmpty()) {
            VaultOptions.segment(version);
        }
        String current = KeyCommand.url(api.get(path + "/keys/" + key())).version();
        var rewrapping = new Rewrapping(
                keys(api, path + "/keys/" + key()),
                key(),
                current,
                version,
                algorithm,
                why -> terminal.err().println("kluis: " + why));
        rewrapAll(rewrapping);
        conclude(rewrapping.counts(), current);
    }

    private static Rewrapping.Keys keys(KluisApi api, String path) {
        return new Rewrapping.Keys() {
            @Override
            public String unwrap(String by, String algorithm, String value) {
                return use("unwrapkey", by, algorithm, value);
            }

            @Override
            public String wrap(String by, String algorithm, String value) {
                return use("wrapkey", by, algorithm, value);
            }

            private String use(String operation, String by, String algorithm, String value) {
                var answer = api.send("POST", path + "/" + by + "/" + operation, json -> {
                    json.writeStartObject();
                    json.writeStringField("alg", algorithm);
                    json.writeStringField("value", value);
                    json.writeEndObject();
                });
                return answer.path("value").asText();
            }
        };
    }

    private void rewrapAll(Rewrapping rewrapping) {
        var progress = new ProgressLine(terminal);
        int every = terminal.errIsTerminal() ? OFTEN : SELDOM;
        try (var in = new BufferedInputStream(file == null ? terminal.in() : Files.newInputStream(file))) {
            var line = line(in);
            while (line != null) {
                terminal.out().println(rewrapping.next(line));
                long done = rewrapping.counts().lines();
                if (done % every == 0 && done > 0) {
                    progress.tell(done + " lines done");
                }
                line = line(in);
            }
        } catch (IOException e) {
            throw CommandException.usage(file == null ? "standard input cannot be read" : file + " cannot be read");
        } finally {
            progress.end();
        }
        // Whoever replaces a list by half of it has lost the rest.
        if (terminal.out().checkError()) {
            throw CommandException.usage("standard output cannot be written: what came out is not all");
        }
    }

    /** Without its end; nothing at the end of the list. */
    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() == LONGEST_LINE) {
                throw CommandException.usage("a line has at most " + LONGEST_LINE + " bytes; what came out is not all");
            }
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void conclude(Rewrapping.Counts counts, String current) {
        terminal.err()
                .println(counts.rewrapped() + " rewrapped by version " + current + ", " + counts.unchanged()
                        + " under it already, " + (counts.failed() + counts.skipped()) + " left as they were");
        if (counts.stopped().isPresent()) {
            var why = counts.stopped().get();
            throw new CommandException(
                    why.exit(), "stopped, and " + counts.skipped() + " lines more were not tried: " + why.getMessage());
        }
        if (counts.failed() > 0) {
            throw new CommandException(
                    Exit.PARTLY, counts.failed() + " lines could not be rewrapped and came out as they were");
        }
    }
}
