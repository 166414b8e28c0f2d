package dev.kluis.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How Kluis is. */
@Command(
        name = "status",
        description = {
            "Tells how Kluis is: serving, starting or sealed. It needs no token.",
            "Ends with 4 when Kluis does not serve."
        })
final class StatusCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final Connection connection = new Connection();

    @Mixin
    private final Output output = new Output();

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (var api = connection.openWithoutToken()) {
            var status = api.get("/status");
            output.one(
                    terminal,
                    status,
                    one -> one.path("phase").asText(),
                    List.of(
                            new Output.Column("PHASE", one -> one.path("phase").asText()),
                            new Output.Column("READY", one -> one.path("ready").asText())));
            if (status.has("message")) {
                terminal.err().println("kluis: " + status.path("message").asText());
            }
            return status.path("ready").asBoolean() ? Exit.OK : Exit.UNREACHABLE;
        }
    }
}
