package dev.kluis.cli;

/** Ends the command with a text that says what is wrong and what to do next, and with an {@link Exit} code. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;
    private final boolean concernsAll;

    public CommandException(int exit, String message) {
        this(exit, message, exit == Exit.UNREACHABLE);
    }

    private CommandException(int exit, String message, boolean concernsAll) {
        super(message);
        this.exit = exit;
        this.concernsAll = concernsAll;
    }

    /** Who calls may not do this, with whatever. */
    static CommandException forbidden(String message) {
        return new CommandException(Exit.REFUSED, message, true);
    }

    public static CommandException usage(String message) {
        return new CommandException(Exit.USAGE, message);
    }

    /** Whether the same fails for others too: nobody answers, or who calls may not. */
    boolean concernsAll() {
        return concernsAll;
    }

    public int exit() {
        return exit;
    }
}
