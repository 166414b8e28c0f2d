package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What of a vault's assignments was not used. */
@Command(
        name = "unused",
        description = {
            "Compares a vault's assignments with the audit, and prints as YAML smaller ones that would have been enough.",
            "It says how far the audit reaches back: what was done before that is not known to it.",
            "The operator searches its own audit. With files the audit is read here, and only what was used, each once, is"
                    + " sent."
        })
final class UnusedAccessCommand extends InVault {

    private static final String STANDARD_INPUT = "-";

    @Option(names = "--days", paramLabel = "N", description = "Back from now; default ${DEFAULT-VALUE}.")
    private int days = 90;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Audit, one JSON line per operation, instead of the operator's own; - is standard input.")
    private List<Path> files = List.of();

    private final InstantSource clock = InstantSource.system();

    UnusedAccessCommand(Terminal terminal) {
        super(terminal);
    }

    /** How far an audit reaches back, and whether it lost something on the way. */
    private record Reach(Instant from, Optional<Instant> since, long lost) {

        /** What is not known of the time asked about; empty when all of it is. */
        String gap() {
            if (since.isEmpty()) {
                return "The audit is empty: nothing is known of what was used.";
            }
            if (since.get().isAfter(from)) {
                return "That is less than was asked for: what was used before may be called unused here.";
            }
            return lost > 0
                    ? "It lost " + lost + " lines since then: what they told of may be called unused here."
                    : "";
        }
    }

    @Override
    void run(KluisApi api, String path) {
        if (days < 1) {
            throw CommandException.usage("--days is 1 or more");
        }
        if (files.isEmpty()) {
            var answer = api.get(path + "/access/unused?days=" + days);
            var since = answer.path("since").asText();
            print(
                    answer,
                    new Reach(
                            Instant.parse(answer.path("from").asText()),
                            Optional.of(since).filter(text -> !text.isEmpty()).map(Instant::parse),
                            answer.path("lost").asLong()));
            return;
        }
        var from = clock.instant().minus(Duration.ofDays(days));
        var uses = new AuditUses(from);
        files.forEach(file -> read(file, uses));
        var answer = api.send("POST", path + "/access/unused", json -> write(json, uses.found()));
        print(answer, new Reach(from, uses.since(), 0));
    }

    private void read(Path file, AuditUses uses) {
        if (file.toString().equals(STANDARD_INPUT)) {
            uses.read(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8), "standard input");
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            uses.read(reader, file.toString());
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read");
        }
    }

    private static void write(JsonGenerator json, Set<AuditUses.Use> uses) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("uses");
        for (var use : uses) {
            json.writeStartObject();
            json.writeStringField("assignment", use.assignment());
            json.writeStringField("caller", use.caller());
            json.writeStringField("operation", use.operation());
            json.writeStringField("resource", use.resource());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void print(JsonNode answer, Reach reach) {
        var all = new ArrayList<JsonNode>();
        answer.path("value").forEach(all::add);
        String back = reach.since()
                .map(since -> "The audit reaches back to " + since + "; asked for was from " + reach.from() + " on.")
                .orElse("");
        if (output.form() == null) {
            // In what is printed, too: it may be applied by somebody who did not see this.
            comment(back);
            comment(reach.gap());
            all.forEach(this::print);
        } else {
            output.list(terminal, all, one -> one.path("name").asText(), AccessCommand.HOLDERS);
        }
        if (!reach.gap().isEmpty()) {
            terminal.err().println("kluis: " + (back + " " + reach.gap()).strip());
        }
    }

    private void print(JsonNode one) {
        comment("not used of " + one.path("name").asText() + " ('"
                + one.path("role").asText() + "'): " + join(one.path("actions")));
        if (!one.path("subjects").isEmpty()) {
            comment("used by nobody of: " + join(one.path("subjects")));
        }
        terminal.out().print(one.path("proposal").asText());
    }

    private void comment(String text) {
        if (!text.isEmpty()) {
            terminal.out().println("# " + text.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static String join(JsonNode texts) {
        var all = new ArrayList<String>();
        texts.forEach(text -> all.add(text.asText()));
        return all.isEmpty() ? "nothing" : String.join(", ", all);
    }
}
