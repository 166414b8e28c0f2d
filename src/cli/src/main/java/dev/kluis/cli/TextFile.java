package dev.kluis.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small text files that options name. */
final class TextFile {

    private static final int LIMIT = 1024 * 1024;

    private TextFile() {}

    /** @throws CommandException when it is not there, not readable or longer than 1 MiB */
    static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length <= LIMIT) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            throw CommandException.usage(file + " is longer than " + LIMIT + " bytes");
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read");
        }
    }
}
