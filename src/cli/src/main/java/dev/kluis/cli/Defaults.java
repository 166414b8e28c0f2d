package dev.kluis.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where options come from that are not given: the variable {@code KLUIS_} and the option's name in capitals, then the file
 * {@code kluis/config} of the user's configuration folder, a Java properties file with the options' names as keys.
 */
final class Defaults implements IDefaultValueProvider {

    /** Others are decided anew each time. */
    static final Set<String> NAMES = Set.of(
            "server",
            "ca-file",
            "token-file",
            "as-service-account",
            "kubeconfig",
            "context",
            "operator-namespace",
            "vault",
            "namespace");

    private static final long LIMIT = 64 * 1024;

    private final Map<String, String> environment;
    private @Nullable Properties file;

    Defaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String name = option.longestName().substring(2);
        if (!NAMES.contains(name)) {
            return null;
        }
        String variable =
                environment.get("KLUIS_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        return variable != null && !variable.isEmpty() ? variable : file().getProperty(name);
    }

    /** Where the file is, whether or not it is there. */
    static Path path(Map<String, String> environment) {
        String folder = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return folder.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/"), ".config", "kluis", "config")
                : Path.of(folder, "kluis", "config");
    }

    private Properties file() {
        var known = file;
        if (known == null) {
            known = read(path(environment));
            file = known;
        }
        return known;
    }

    private static Properties read(Path path) {
        var properties = new Properties();
        if (Files.isReadable(path)) {
            try (var reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                if (Files.size(path) > LIMIT) {
                    throw CommandException.usage(path + " is longer than " + LIMIT + " bytes");
                }
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw CommandException.usage(path + " is no readable properties file");
            }
        }
        return properties;
    }
}
