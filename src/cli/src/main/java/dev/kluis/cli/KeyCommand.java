package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Keys. */
@Command(
        name = "key",
        description =
                "Looks at the keys of a vault, rotates them, and brings what they wrapped to their newest version.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KeyCommand.ListAll.class,
            KeyCommand.Show.class,
            KeyCommand.Versions.class,
            KeyCommand.Rotate.class,
            KeyRewrapCommand.class
        })
final class KeyCommand {

    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("NAME", key -> url(key).name()),
            Attributes.ENABLED,
            Attributes.UPDATED,
            Attributes.EXPIRES);

    private static final List<Output.Column> VERSION_COLUMNS = List.of(
            new Output.Column("VERSION", key -> url(key).version()),
            Attributes.ENABLED,
            Attributes.CREATED,
            Attributes.EXPIRES);

    private static final List<Output.Column> SHOWN = List.of(
            new Output.Column("NAME", key -> url(key).name()),
            new Output.Column("VERSION", key -> url(key).version()),
            new Output.Column("TYPE", key -> key.path("key").path("kty").asText()),
            new Output.Column("OPERATIONS", KeyCommand::operations),
            Attributes.ENABLED,
            Attributes.EXPIRES);

    private KeyCommand() {}

    /** What the commands of one key have. */
    abstract static class OfKey extends InVault {

        @Parameters(paramLabel = "KEY", description = "The key's name.")
        private String name = "";

        OfKey(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            VaultOptions.segment(name);
            return super.call();
        }

        String key() {
            return name;
        }
    }

    @Command(name = "list", description = "Lists the keys of a vault that the caller may see.")
    static final class ListAll extends InVault {

        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            output.list(terminal, api.list(path + "/keys?kty=all"), key -> url(key).name(), COLUMNS);
        }
    }

    @Command(
            name = "show",
            description = {
                "Shows the current version of a key.",
                "With -o json or yaml its public part is in it, as a JWK; the private one never leaves the vault."
            })
    static final class Show extends OfKey {

        Show(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            output.one(terminal, api.get(path + "/keys/" + key()), key -> url(key).name(), SHOWN);
        }
    }

    @Command(name = "versions", description = "Lists the versions of a key, the oldest first.")
    static final class Versions extends OfKey {

        Versions(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var versions = api.list(path + "/keys/" + key() + "/versions");
            output.list(terminal, versions, version -> url(version).version(), VERSION_COLUMNS);
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Makes a new version of a key, which is the current one from then on.",
                "The older ones go on to decrypt, unwrap and verify; 'kluis key rewrap' brings wrapped keys to the new one."
            })
    static final class Rotate extends OfKey {

        Rotate(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var rotated = api.send("POST", path + "/keys/" + key() + "/rotate");
            output.one(terminal, rotated, key -> url(key).version(), SHOWN);
        }
    }

    /** Of a key with its JWK, and of an entry of a list. */
    static ObjectUrl url(JsonNode key) {
        var kid =
                key.path("kid").isTextual() ? key.path("kid") : key.path("key").path("kid");
        return ObjectUrl.of("keys", kid.asText());
    }

    private static String operations(JsonNode key) {
        return StreamSupport.stream(key.path("key").path("key_ops").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }
}
