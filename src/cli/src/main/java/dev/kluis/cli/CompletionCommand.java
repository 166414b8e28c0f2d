package dev.kluis.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** For shells. */
@Command(
        name = "completion",
        description = {
            "Prints a script by which bash and zsh complete this command.",
            "For this shell: source <(kluis completion)"
        })
final class CompletionCommand implements Runnable {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets it
    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        terminal.out().print(AutoComplete.bash("kluis", spec.root().commandLine()));
        terminal.out().flush();
    }
}
