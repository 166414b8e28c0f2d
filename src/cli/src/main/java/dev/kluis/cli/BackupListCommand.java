package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the backups of a vault at their destination. */
@Command(
        name = "list",
        description = {
            "Lists the backups of a vault that lie where its spec.backup says, the newest first.",
            "It takes the role Administrator. How many objects are in a file is known of the vault's own files only;"
                    + " the recipient is what the file says, which its holder proves by 'kluis backup verify'."
        })
final class BackupListCommand extends InVault {

    private static final List<Output.Column> COLUMNS = List.of(
            BackupCommand.column("NAME", "name"),
            BackupCommand.column("CREATED", "created"),
            new Output.Column("OBJECTS", file -> file.path("objects").asText("?")),
            BackupCommand.column("SIZE", "bytes"),
            new Output.Column("EXPIRES", BackupListCommand::expires),
            BackupCommand.column("RECIPIENT", "recipient"),
            BackupCommand.column("TROUBLE", "trouble"));

    @Option(names = "--limit", paramLabel = "N", description = "How many at most, up to 1000; default 100.")
    private int limit = 100;

    BackupListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(KluisApi api, String path) {
        var answer = api.get(path + "/backup/files?limit=" + limit);
        var files = new ArrayList<JsonNode>();
        answer.path("value").forEach(files::add);
        output.list(terminal, files, file -> file.path("name").asText(), COLUMNS);
        if (answer.path("older").asInt() > 0) {
            terminal.err().println("kluis: and " + answer.path("older").asInt() + " older ones: --limit shows more");
        }
    }

    private static String expires(JsonNode file) {
        return file.path("expired").asBoolean()
                ? "expired"
                : file.path("expires").asText();
    }
}
