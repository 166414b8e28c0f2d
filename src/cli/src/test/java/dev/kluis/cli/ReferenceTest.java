package dev.kluis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * {@code docs/reference/cli.md} says of every command what its help says. {@code -Dkluis.cli.write=true} writes it.
 */
class ReferenceTest {

    private static final Path FILE = Path.of("..", "..", "docs", "reference", "cli.md");
    private static final String HEAD = """
            # The command

            Generated from the command's own help: `./mvnw -pl src/cli test -Dtest=ReferenceTest -Dkluis.cli.write=true`.
            How it is set up and used: [Use the command](../how-to/use-the-command.md).

            ## Where options come from

            An option that is not given comes from the environment variable `KLUIS_` and its name in capitals
            (`KLUIS_AS_SERVICE_ACCOUNT`), then from the file `~/.config/kluis/config` (`$XDG_CONFIG_HOME/kluis/config`), a Java
            properties file: `as-service-account=payments/admin`. This holds for OPTIONS.

            ## Exit codes

            | code | meaning |
            |---|---|
            | 0 | done |
            | 1 | refused: the token, or the right to do it |
            | 2 | not legal: the command line, or what it asks for |
            | 3 | there is no such thing |
            | 4 | Kluis or the cluster cannot be reached, or cannot serve now; trying again may help |
            | 5 | its state does not allow it: deleted, changed in between, made by another |
            | 6 | done in part: standard error says of what not |
            | 70 | a fault of Kluis's; `KLUIS_TRACE=1` shows where |

            Standard output is what was asked for and nothing else; the rest is on standard error. No value is ever taken from the
            command line, where lists of processes and histories of shells would have it.
            """;

    @Test
    void the_reference_is_what_the_commands_say_of_themselves() throws IOException {
        var text = new StringBuilder(HEAD.replace(
                "OPTIONS",
                Defaults.NAMES.stream().sorted().map(name -> "`--" + name + "`").collect(Collectors.joining(", "))));
        var terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
                Map.of("HOME", "/none"),
                "");
        describe(Main.commandLine(terminal), text);
        if (Boolean.getBoolean("kluis.cli.write")) {
            Files.writeString(FILE, text);
        }
        assertThat(FILE).hasContent(text.toString());
    }

    @Test
    void every_exit_code_is_in_the_reference_and_in_the_help() throws IllegalAccessException {
        var footer = KluisCommand.class.getAnnotation(CommandLine.Command.class).footer();
        for (var field : Exit.class.getFields()) {
            int code = field.getInt(null);
            assertThat(HEAD).as(field.getName()).contains("\n| " + code + " | ");
            assertThat(footer).as(field.getName()).anyMatch(line -> line.startsWith("  " + code + " "));
        }
        assertThat(footer).hasSize(Exit.class.getFields().length);
    }

    private static void describe(CommandLine command, StringBuilder text) {
        var spec = command.getCommandSpec();
        spec.usageMessage().autoWidth(false).width(110);
        text.append("\n## ").append(spec.qualifiedName()).append("\n\n```\n");
        command.getUsageMessage(Ansi.OFF)
                .lines()
                .forEach(line -> text.append(line.stripTrailing()).append('\n'));
        text.append("```\n");
        command.getSubcommands().values().forEach(sub -> describe(sub, text));
    }
}
