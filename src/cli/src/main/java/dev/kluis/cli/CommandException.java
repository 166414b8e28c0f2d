package dev.kluis.cli;

/** Ends the command with a text that says what is wrong and what to do next, and with an {@link Exit} code. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    public CommandException(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    public static CommandException usage(String message) {
        return new CommandException(Exit.USAGE, message);
    }

    public int exit() {
        return exit;
    }
}
