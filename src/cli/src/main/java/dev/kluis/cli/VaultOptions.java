package dev.kluis.cli;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which vault. A command about what is in a vault has it as a mixin. */
final class VaultOptions {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z-][0-9A-Za-z.-]{0,252}");

    @Option(
            names = {"-v", "--vault"},
            required = true,
            paramLabel = "NAME",
            description = "The vault.")
    private String vault = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The vault's namespace; default that of the kubeconfig's context.")
    private @Nullable String namespace;

    /** The path of the vault in the API. */
    String path(Connection connection) {
        return path(connection, namespace, vault);
    }

    static String path(Connection connection, @Nullable String namespace, String vault) {
        String where = namespace == null ? connection.cluster().namespace() : namespace;
        return "/vaults/" + segment(where) + "/" + segment(vault);
    }

    /** The vault; asks the cluster for nothing when the namespace is given. */
    VaultId id(Connection connection) {
        String where = namespace == null ? connection.cluster().namespace() : namespace;
        try {
            return new VaultId(where, vault);
        } catch (InvalidNameException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    /** A name as a segment of a path. */
    static String segment(String name) {
        if (!NAME.matcher(name).matches()) {
            throw CommandException.usage("a name has 1 to 253 letters, digits, dots and dashes");
        }
        return name;
    }
}
