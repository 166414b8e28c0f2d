package dev.kluis.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** Files of officers: one line that counts, and lines for people that begin with {@code #}. */
final class OfficerFile {

    private static final int LIMIT = 4096;

    private OfficerFile() {}

    /** The line that counts. */
    static String read(Path file) {
        var lines = TextFile.read(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (lines.size() != 1) {
            throw CommandException.usage(file + " does not have exactly one line beside those that begin with #");
        }
        return lines.getFirst();
    }

    /** Makes a file that only its owner reads; one that is there is not overwritten. */
    static void write(Path file, String comment, String line) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, comment + "\n" + line + "\n", StandardOpenOption.TRUNCATE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw CommandException.usage(file + " is there already");
        } catch (IOException | UnsupportedOperationException e) {
            throw CommandException.usage(file + " cannot be written");
        }
    }

    /** Bytes up to the first line's end, which the caller fills with zeros. */
    static byte[] firstLine(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LIMIT);
            int end = 0;
            while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            byte[] line = Arrays.copyOf(bytes, end);
            Arrays.fill(bytes, (byte) 0);
            return line;
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read");
        }
    }
}
