package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;

/** Has the operator make a backup of a vault now, and waits for it. */
@Command(
        name = "create",
        description = {
            "Makes a backup of a vault now, to where the Vault's spec.backup says, and prints what was made.",
            "It takes the role Administrator. The operator makes it: what this command waits for goes on without it."
        })
final class BackupCreateCommand extends InVault {

    private static final Duration FIRST_LOOK = Duration.ofMillis(200);
    /** Each look is an operation, which is audited. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final List<Output.Column> COLUMNS = List.of(
            BackupCommand.column("NAME", "name"),
            BackupCommand.column("OBJECTS", "objects"),
            BackupCommand.column("SIZE", "bytes"),
            BackupCommand.column("DIGEST", "digest"));

    BackupCreateCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(KluisApi api, String path) {
        var told = new ProgressLine(terminal);
        var run = api.send("POST", path + "/backup/create");
        String look =
                path + "/backup/runs/" + VaultOptions.segment(run.path("run").asText());
        var pause = FIRST_LOOK;
        while (under(run)) {
            told.tell(progress(run));
            await(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            run = api.get(look);
        }
        told.end();
        String message = run.path("message").asText();
        if (!run.path("phase").asText().equals("done")) {
            throw new CommandException(Exit.UNREACHABLE, "the backup failed: " + message);
        }
        if (!message.isEmpty()) {
            terminal.err().println("kluis: " + message);
        }
        if (run.at("/file/unreadable").asInt() > 0) {
            terminal.err()
                    .println("kluis: " + run.at("/file/unreadable").asInt()
                            + " objects were left out: their records cannot be trusted");
        }
        output.one(terminal, run.path("file"), file -> file.path("name").asText(), COLUMNS);
    }

    private static boolean under(JsonNode run) {
        String phase = run.path("phase").asText();
        return phase.equals("waiting") || phase.equals("writing");
    }

    private static String progress(JsonNode run) {
        return run.path("phase").asText().equals("waiting") || run.path("all").asInt() == 0
                ? "waiting"
                : run.path("done").asText() + " of " + run.path("all").asText() + " objects";
    }

    private static void await(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(Exit.UNREACHABLE, "interrupted; the backup goes on");
        }
    }
}
