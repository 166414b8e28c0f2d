package dev.kluis.cli;

import picocli.CommandLine.Option;

/** Whether to go on with what is not easily taken back. A command that asks has it as a mixin. */
final class Consent {

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean yes;

    /** @throws CommandException when the answer is no */
    void ask(Terminal terminal, String question) {
        terminal.confirm(yes, question);
    }
}
