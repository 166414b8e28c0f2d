package dev.kluis.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a value goes: standard output, or a file that only its owner reads. */
final class ValueOutput {

    @Option(
            names = "--output-file",
            paramLabel = "FILE",
            description = "Writes the value into a file of mode 0600, in the place of what was there.")
    private @Nullable Path file;

    boolean toFile() {
        return file != null;
    }

    /** As it is: a newline follows at a terminal only. */
    void write(Terminal terminal, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (file != null) {
            write(file, bytes);
            return;
        }
        terminal.out().write(bytes, 0, bytes.length);
        if (terminal.outIsTerminal()) {
            terminal.out().println();
        }
        terminal.out().flush();
    }

    /** Whole or not at all. */
    private static void write(Path file, byte[] bytes) {
        var folder = file.toAbsolutePath().getParent();
        try {
            var part = Files.createTempFile(
                    folder,
                    ".kluis",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.write(part, bytes);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (AtomicMoveNotSupportedException e) {
            throw CommandException.usage(file + " is in no file system that can replace a file at once");
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be written");
        }
    }
}
