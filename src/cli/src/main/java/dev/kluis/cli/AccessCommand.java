package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Access. */
@Command(
        name = "access",
        description = "Tells who may do what in a vault, and why.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AccessCommand.Why.class,
            AccessCommand.CanI.class,
            AccessCommand.WhoCan.class,
            UnusedAccessCommand.class,
            AccessCommand.Report.class
        })
final class AccessCommand {

    private static final List<Output.Column> DECISION = List.of(
            new Output.Column("ALLOWED", one -> one.path("allowed").asText()),
            new Output.Column("BY", one -> one.path("assignment").path("name").asText()));

    static final List<Output.Column> HOLDERS = List.of(
            new Output.Column("KIND", one -> one.path("kind").asText()),
            new Output.Column("NAMESPACE", one -> one.path("namespace").asText()),
            new Output.Column("SUBJECT", one -> one.path("subject").asText()),
            new Output.Column("ROLE", one -> one.path("role").asText()),
            new Output.Column("ASSIGNMENT", one -> one.path("name").asText()),
            new Output.Column("EXPIRES", one -> one.path("expires").asText()));

    private AccessCommand() {}

    /** What is asked about. */
    static final class Question {

        @Parameters(
                index = "0",
                paramLabel = "ACTION",
                description = "Key Vault's data action, such as secrets/getSecret/action.")
        private String action = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "OBJECT",
                description = "Such as secrets/NAME; default the vault itself.")
        private @Nullable String object;

        void write(JsonGenerator json) throws IOException {
            json.writeStringField("action", action);
            if (object != null) {
                json.writeStringField("object", object);
            }
        }
    }

    /** Whom it is asked about. */
    static final class Who {

        @Option(
                names = "--service-account",
                paramLabel = "NAMESPACE/NAME",
                description = "About this ServiceAccount; default is about yourself.")
        private @Nullable String account;

        @Option(names = "--user", paramLabel = "NAME", description = "About this user.")
        private @Nullable String user;

        @Option(names = "--group", paramLabel = "NAME", description = "A group that the user is in; may be repeated.")
        private List<String> groups = new ArrayList<>();

        void write(JsonGenerator json) throws IOException {
            if (account != null && user != null) {
                throw CommandException.usage("either --service-account or --user");
            }
            if (account != null) {
                String[] parts = account.split("/", -1);
                if (parts.length != 2) {
                    throw CommandException.usage("--service-account is NAMESPACE/NAME");
                }
                json.writeObjectFieldStart("subject");
                json.writeStringField("kind", "ServiceAccount");
                json.writeStringField("namespace", parts[0]);
                json.writeStringField("name", parts[1]);
                json.writeEndObject();
            } else if (user != null) {
                json.writeObjectFieldStart("subject");
                json.writeStringField("kind", "User");
                json.writeStringField("name", user);
                json.writeArrayFieldStart("groups");
                for (String group : groups) {
                    json.writeString(group);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
        }
    }

    @Command(
            name = "why",
            description = {
                "Tells whether something is allowed, by which assignment, or which assignments come near and what they lack.",
                "About others it needs role Reader, Administrator or Data Access Administrator on the vault."
            })
    static final class Why extends InVault {

        @Mixin
        private final Question question = new Question();

        @Mixin
        private final Who who = new Who();

        Why(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var answer = ask(api, path, question, who);
            if (output.form() == null) {
                answer.path("text")
                        .asText()
                        .lines()
                        .forEach(line -> terminal.out().println(line.replaceAll("\\p{Cntrl}", "?")));
            } else {
                output.one(
                        terminal,
                        answer,
                        one -> one.path("assignment").path("name").asText(),
                        DECISION);
            }
        }
    }

    @Command(
            name = "can-i",
            description = {"Prints yes or no: whether you may do something.", "Ends with 1 when you may not."})
    static final class CanI implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final VaultOptions vault = new VaultOptions();

        @Mixin
        private final Connection connection = new Connection();

        @Mixin
        private final Question question = new Question();

        CanI(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String path = vault.path(connection);
            try (var api = connection.open()) {
                boolean allowed =
                        ask(api, path, question, new Who()).path("allowed").asBoolean();
                terminal.out().println(allowed ? "yes" : "no");
                return allowed ? Exit.OK : Exit.REFUSED;
            }
        }
    }

    private static JsonNode ask(KluisApi api, String path, Question question, Who who) {
        return api.send("POST", path + "/access/why", json -> {
            json.writeStartObject();
            question.write(json);
            who.write(json);
            json.writeEndObject();
        });
    }

    @Command(name = "who-can", description = "Lists who may do something, and by which assignment.")
    static final class WhoCan extends InVault {

        @Mixin
        private final Question question = new Question();

        WhoCan(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var holders = new ArrayList<JsonNode>();
            api.send("POST", path + "/access/whocan", json -> {
                        json.writeStartObject();
                        question.write(json);
                        json.writeEndObject();
                    })
                    .path("value")
                    .forEach(holders::add);
            output.list(terminal, holders, one -> one.path("subject").asText(), HOLDERS);
        }
    }

    @Command(
            name = "report",
            description =
                    "Prints as YAML the assignments that would replace a vault's access policies, and what changes.")
    static final class Report extends InVault {

        private static final List<Output.Column> COLUMNS = List.of(
                new Output.Column("POLICY", one -> one.path("policy").asText()),
                new Output.Column("ROLE", one -> one.path("role").asText()));

        Report(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var report = api.get(path + "/access/report");
            if (output.form() == null) {
                terminal.out().print(report.path("yaml").asText());
                terminal.out().flush();
            } else {
                var all = new ArrayList<JsonNode>();
                report.path("value").forEach(all::add);
                output.list(terminal, all, one -> one.path("role").asText(), COLUMNS);
            }
        }
    }
}
