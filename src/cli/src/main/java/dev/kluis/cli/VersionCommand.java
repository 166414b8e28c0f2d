package dev.kluis.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;

/** Which command this is. */
@Command(name = "version", description = "Prints the version of this command.")
final class VersionCommand implements Runnable {

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        terminal.out().println("kluis " + version());
    }

    static String version() {
        var properties = new Properties();
        try (var in = VersionCommand.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
