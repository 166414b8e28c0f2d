package dev.kluis.cli;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs a command line. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** @return an {@link Exit} code */
    public static int run(Terminal terminal, String... args) {
        return commandLine(terminal).execute(args);
    }

    static CommandLine commandLine(Terminal terminal) {
        var line = new CommandLine(new KluisCommand(), new Factory(terminal));
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setDefaultValueProvider(new Defaults(terminal.environment()));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(terminal, failure));
        line.setParameterExceptionHandler((failure, parsed) -> misused(terminal, failure));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    private static int failed(Terminal terminal, Exception failure) throws Exception {
        if (failure instanceof CommandException said) {
            terminal.err().println("kluis: " + said.getMessage());
            return said.exit();
        }
        terminal.err().println("kluis: failed: " + failure.getClass().getSimpleName() + "; KLUIS_TRACE=1 shows where");
        if (terminal.environment().containsKey("KLUIS_TRACE")) {
            failure.printStackTrace(terminal.err());
        }
        return Exit.FAULT;
    }

    /** What was typed is not repeated: somebody may have typed a value. */
    private static int misused(Terminal terminal, ParameterException failure) {
        var command = failure.getCommandLine();
        terminal.err().println("kluis: " + Misuse.text(failure));
        terminal.err().println("'" + command.getCommandSpec().qualifiedName() + " --help' tells how it is used");
        return Exit.USAGE;
    }

    /** Gives the terminal to commands that ask for it. */
    private record Factory(Terminal terminal) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Terminal.class) {
                    try {
                        return type.cast(constructor.newInstance(terminal));
                    } catch (InvocationTargetException e) {
                        throw new IllegalStateException(e.getCause());
                    }
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
