package dev.kluis.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;

/**
 * What the command talks to. A command class gets it by its constructor.
 *
 * @param environment the variables
 * @param terminals which of the three streams are terminals: of {@code 0}, {@code 1} and {@code 2} those that are
 */
public record Terminal(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, String terminals) {

    /** That of the process; the launcher says which streams are terminals, since Java cannot tell one by one. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in, System.out, System.err, System.getenv(), System.getProperty("kluis.terminals", ""));
    }

    public boolean inIsTerminal() {
        return terminals.contains("0");
    }

    public boolean outIsTerminal() {
        return terminals.contains("1");
    }

    public boolean errIsTerminal() {
        return terminals.contains("2");
    }

    /** Reads a line that is not shown while it is typed. */
    public char[] askSecretly(String question) {
        var console = Objects.requireNonNull(System.console());
        if (!inIsTerminal() || !console.isTerminal()) {
            throw CommandException.usage("there is no terminal to ask at");
        }
        char[] answer = console.readPassword("%s", question);
        if (answer == null) {
            throw CommandException.usage("nothing was typed");
        }
        return answer;
    }

    /** Asks before what cannot be taken back, unless a flag answered already. */
    public void confirm(boolean yes, String question) {
        if (yes) {
            return;
        }
        if (!inIsTerminal()) {
            throw CommandException.usage(question + " Say so by --yes");
        }
        err.print(question + " [y/N] ");
        err.flush();
        if (!readLine().strip().equalsIgnoreCase("y")) {
            throw new CommandException(Exit.REFUSED, "not done");
        }
    }

    private String readLine() {
        var line = new StringBuilder();
        try {
            int next = in.read();
            while (next >= 0 && next != '\n' && line.length() < 16) {
                line.append((char) next);
                next = in.read();
            }
        } catch (java.io.IOException e) {
            throw CommandException.usage("the answer cannot be read");
        }
        return line.toString();
    }
}
