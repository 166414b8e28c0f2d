package dev.kluis.operator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.cli.Main;
import dev.kluis.cli.Terminal;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.operator.rest.Api.TokenAudience;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs {@code kluis} in this JVM against the operator of this JVM, for tests of any command. */
public final class Command {

    private final Map<String, String> environment;

    private Command(Map<String, String> environment) {
        this.environment = environment;
    }

    /** As a ServiceAccount, on a vault; files that it needs are written into a folder. */
    public static Command as(TestOperator operator, Path folder, String namespace, String account, String vault)
            throws IOException {
        var environment = new HashMap<String, String>();
        environment.put(
                "KLUIS_SERVER",
                "https://localhost:" + operator.kluis().api().orElseThrow().port());
        environment.put(
                "KLUIS_CA_FILE",
                Files.writeString(folder.resolve("ca.crt"), Api.authority(operator))
                        .toString());
        environment.put(
                "KLUIS_TOKEN_FILE",
                Files.writeString(
                                folder.resolve("token-" + account),
                                Api.token(operator, namespace, account, TokenAudience.KLUIS))
                        .toString());
        environment.put("KLUIS_NAMESPACE", namespace);
        environment.put("KLUIS_VAULT", vault);
        environment.put("HOME", folder.toString());
        return new Command(environment);
    }

    /** The same with another variable. */
    public Command with(String name, String value) {
        var changed = new HashMap<>(environment);
        changed.put(name, value);
        return new Command(changed);
    }

    /** The same without a variable. */
    public Command without(String name) {
        var changed = new HashMap<>(environment);
        changed.remove(name);
        return new Command(changed);
    }

    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** What came of it. */
    public record Result(int exit, String out, String err) {}

    public Result run(String... args) {
        return runWith("", args);
    }

    /** With standard input, which is no terminal. */
    public Result runWith(String input, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                environment,
                "");
        int exit = Main.run(terminal, args);
        return new Result(exit, out.toString(UTF_8), err.toString(UTF_8));
    }
}
