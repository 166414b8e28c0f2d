package dev.kluis.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where a value comes from: a file, standard input, or a prompt that does not show it. Never an argument: those are in the
 * list of processes and in the shell's history.
 */
final class ValueInput {

    /** The most bytes a value has. */
    static final int LIMIT = 25_600;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description =
                    "Takes the value from a file, as it is; default is standard input, or a prompt at a terminal.")
    private @Nullable Path file;

    /** The value, bytes of UTF-8, which the caller fills with zeros. */
    byte[] read(Terminal terminal) {
        byte[] value = file == null && terminal.inIsTerminal() ? typed(terminal) : streamed(terminal);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return value;
        } catch (CharacterCodingException e) {
            Arrays.fill(value, (byte) 0);
            throw CommandException.usage("the value is not UTF-8 text; base64 makes text of other bytes");
        }
    }

    private byte[] streamed(Terminal terminal) {
        try (var in = file == null ? terminal.in() : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                Arrays.fill(bytes, (byte) 0);
                throw CommandException.usage("a value has at most 25 KB (" + LIMIT + " bytes)");
            }
            return bytes;
        } catch (IOException e) {
            throw CommandException.usage(file == null ? "standard input cannot be read" : file + " cannot be read");
        }
    }

    private static byte[] typed(Terminal terminal) {
        return utf8(terminal.askSecretly("Value: "));
    }

    /** What was typed, which is filled with zeros, as bytes, which the caller fills with zeros. */
    static byte[] utf8(char[] typed) {
        var encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        byte[] value = new byte[encoded.remaining()];
        encoded.get(value);
        Arrays.fill(typed, '\0');
        encoded.clear();
        encoded.put(new byte[encoded.capacity()]);
        return value;
    }
}
