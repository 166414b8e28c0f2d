package dev.kluis.cli;

/** How far something is, on standard error: at a terminal a line that is written over, otherwise a line for each news. */
final class ProgressLine {

    private final Terminal terminal;
    private String last = "";

    ProgressLine(Terminal terminal) {
        this.terminal = terminal;
    }

    void tell(String text) {
        if (text.equals(last)) {
            return;
        }
        if (terminal.errIsTerminal()) {
            terminal.err().print("\r" + text + " ".repeat(Math.max(0, last.length() - text.length())));
            terminal.err().flush();
        } else {
            terminal.err().println(text);
        }
        last = text;
    }

    /** Nothing of it stays at a terminal. */
    void end() {
        if (terminal.errIsTerminal() && !last.isEmpty()) {
            terminal.err().print("\r" + " ".repeat(last.length()) + "\r");
            terminal.err().flush();
        }
        last = "";
    }
}
