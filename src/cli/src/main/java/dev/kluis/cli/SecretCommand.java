package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Secrets. */
@Command(
        name = "secret",
        description = "Reads and changes the secrets of a vault.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SecretCommand.Get.class,
            SecretCommand.SetValue.class,
            SecretCommand.ListAll.class,
            SecretCommand.Versions.class,
            SecretCommand.Update.class,
            SecretCommand.Delete.class,
            SecretCommand.Recover.class,
            SecretCommand.Purge.class
        })
final class SecretCommand {

    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("NAME", SecretCommand::name),
            Attributes.ENABLED,
            Attributes.UPDATED,
            Attributes.EXPIRES,
            new Output.Column("TYPE", secret -> secret.path("contentType").asText()));

    private static final List<Output.Column> VERSION_COLUMNS = List.of(
            new Output.Column("VERSION", SecretCommand::version),
            Attributes.ENABLED,
            Attributes.CREATED,
            Attributes.EXPIRES);

    private static final List<Output.Column> DELETED_COLUMNS = List.of(
            new Output.Column("NAME", SecretCommand::name),
            new Output.Column("DELETED", secret -> Attributes.time(secret.path("deletedDate"))),
            new Output.Column("PURGED", secret -> Attributes.time(secret.path("scheduledPurgeDate"))));

    /** What the commands of one secret have. */
    abstract static class OfSecret extends InVault {

        @Parameters(paramLabel = "SECRET", description = "The secret's name.")
        private String name = "";

        OfSecret(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            VaultOptions.segment(name);
            return super.call();
        }

        String secret() {
            return name;
        }
    }

    /** Which version of it. */
    static final class Version {

        @Option(names = "--version", paramLabel = "VERSION", description = "Which version; default the current one.")
        private String version = "";

        /** @param secret its path */
        String of(String secret) {
            return secret + (version.isEmpty() ? "" : "/" + VaultOptions.segment(version));
        }
    }

    /** What the commands have that say something of a version. */
    abstract static class Saying extends OfSecret {

        @Mixin
        private final Description description = new Description();

        Saying(Terminal terminal) {
            super(terminal);
        }

        /** @param more goes before the description into the body */
        void say(KluisApi api, String method, String path, KluisApi.Body more) {
            var secret = api.send(method, path, json -> {
                json.writeStartObject();
                more.write(json);
                description.write(json);
                json.writeEndObject();
            });
            output.one(terminal, withoutValue(secret), SecretCommand::version, VERSION_COLUMNS);
        }
    }

    @Command(
            name = "get",
            description = {
                "Prints the value of a secret, as it is.",
                "With -o json or yaml all of the secret is printed, the value in it; with -o table all but the value."
            })
    static final class Get extends OfSecret {

        @Mixin
        private final Version version = new Version();

        @Mixin
        private final ValueOutput value = new ValueOutput();

        Get(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var secret = api.get(version.of(path + "/secrets/" + secret()));
            if (output.form() == null || value.toFile()) {
                value.write(terminal, secret.path("value").asText());
            } else {
                output.one(terminal, secret, SecretCommand::name, COLUMNS);
            }
        }
    }

    @Command(
            name = "set",
            description = {
                "Makes a new version of a secret, and the secret where there is none.",
                "The value comes from standard input, a file or a prompt, never from the command line."
            })
    static final class SetValue extends Saying {

        @Mixin
        private final ValueInput value = new ValueInput();

        SetValue(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            byte[] bytes = value.read(terminal);
            try {
                say(api, "PUT", path + "/secrets/" + secret(), json -> {
                    json.writeFieldName("value");
                    json.writeUTF8String(bytes, 0, bytes.length);
                });
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    @Command(name = "list", description = "Lists the secrets of a vault that the caller may see.")
    static final class ListAll extends InVault {

        @Option(names = "--deleted", description = "Those that are deleted and can be recovered.")
        private boolean deleted;

        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var secrets = api.list(path + (deleted ? "/deletedsecrets" : "/secrets"));
            output.list(terminal, secrets, SecretCommand::name, deleted ? DELETED_COLUMNS : COLUMNS);
        }
    }

    @Command(name = "versions", description = "Lists the versions of a secret, the oldest first.")
    static final class Versions extends OfSecret {

        Versions(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var versions = api.list(path + "/secrets/" + secret() + "/versions");
            output.list(terminal, versions, SecretCommand::version, VERSION_COLUMNS);
        }
    }

    @Command(name = "update", description = "Changes what is said of a version, and leaves what is not given.")
    static final class Update extends Saying {

        @Mixin
        private final Version version = new Version();

        Update(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            say(api, "PATCH", version.of(path + "/secrets/" + secret()), json -> {});
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a secret with all its versions; it can be recovered until its purge.")
    static final class Delete extends OfSecret {

        @Mixin
        private final Consent consent = new Consent();

        Delete(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            consent.ask(terminal, "Delete the secret '" + secret() + "'?");
            var deleted = api.delete(path + "/secrets/" + secret());
            output.one(terminal, deleted, SecretCommand::name, DELETED_COLUMNS);
        }
    }

    @Command(name = "recover", description = "Takes the deletion of a secret back.")
    static final class Recover extends OfSecret {

        Recover(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var secret = api.send("POST", path + "/deletedsecrets/" + secret() + "/recover");
            output.one(terminal, secret, SecretCommand::name, COLUMNS);
        }
    }

    @Command(name = "purge", description = "Destroys a deleted secret for ever.")
    static final class Purge extends OfSecret {

        @Mixin
        private final Consent consent = new Consent();

        Purge(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            consent.ask(terminal, "Destroy the deleted secret '" + secret() + "' for ever?");
            api.delete(path + "/deletedsecrets/" + secret());
        }
    }

    /** What is said of a version beside its value. */
    static final class Description {

        @Option(names = "--content-type", paramLabel = "TYPE", description = "What the value is, such as text/plain.")
        private @Nullable String contentType;

        @Option(
                names = "--tag",
                paramLabel = "NAME=TEXT",
                description = "A tag; may be given more than once, and all tags are replaced.")
        private @Nullable Map<String, String> tags;

        @Option(names = "--enabled", arity = "1", paramLabel = "true|false", description = "Whether it can be read.")
        private @Nullable Boolean enabled;

        @Option(names = "--not-before", paramLabel = "TIME", description = "RFC 3339; tells readers, refuses nobody.")
        private @Nullable Instant notBefore;

        @Option(names = "--expires", paramLabel = "TIME", description = "RFC 3339; tells readers, refuses nobody.")
        private @Nullable Instant expires;

        void write(JsonGenerator json) throws IOException {
            if (contentType != null) {
                json.writeStringField("contentType", contentType);
            }
            if (tags != null) {
                json.writeObjectFieldStart("tags");
                for (var tag : new TreeMap<>(tags).entrySet()) {
                    json.writeStringField(tag.getKey(), tag.getValue());
                }
                json.writeEndObject();
            }
            json.writeObjectFieldStart("attributes");
            if (enabled != null) {
                json.writeBooleanField("enabled", enabled);
            }
            if (notBefore != null) {
                json.writeNumberField("nbf", notBefore.getEpochSecond());
            }
            if (expires != null) {
                json.writeNumberField("exp", expires.getEpochSecond());
            }
            json.writeEndObject();
        }
    }

    private static JsonNode withoutValue(JsonNode secret) {
        return secret instanceof ObjectNode object ? object.without(List.of("value")) : secret;
    }

    private static String name(JsonNode secret) {
        return ObjectUrl.of("secrets", secret.path("id").asText()).name();
    }

    private static String version(JsonNode secret) {
        return ObjectUrl.of("secrets", secret.path("id").asText()).version();
    }
}
