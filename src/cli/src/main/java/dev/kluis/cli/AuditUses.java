package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which assignments the audit tells of, each use once. Lines that are no audit, such as the operator's log, are passed over. */
final class AuditUses {

    private static final int LIMIT = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As docs/reference/audit.md has it. */
    record Use(String assignment, String caller, String operation, String resource) {}

    private final Instant since;
    private final Set<Use> found = new LinkedHashSet<>();

    AuditUses(Instant since) {
        this.since = since;
    }

    Set<Use> found() {
        return found;
    }

    /** @throws CommandException when it cannot be read, or has more uses than the server takes */
    void read(Reader lines, String name) {
        var reader = new BufferedReader(lines);
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                take(line);
                if (found.size() > LIMIT) {
                    throw CommandException.usage("the audit tells of more than " + LIMIT + " uses: take fewer --days");
                }
            }
        } catch (IOException e) {
            throw CommandException.usage(name + " cannot be read");
        }
    }

    private void take(String line) {
        JsonNode record;
        try {
            record = line.startsWith("{") ? JSON.readTree(line) : JSON.nullNode();
        } catch (JsonProcessingException e) {
            return;
        }
        String assignment = record.path("identity").path("assignment").asText();
        if (!assignment.isEmpty() && !before(record.path("time").asText())) {
            found.add(new Use(
                    assignment,
                    record.path("identity").path("name").asText(),
                    record.path("operationName").asText(),
                    record.path("resourceId").asText() + object(record)));
        }
    }

    private static String object(JsonNode record) {
        String object = record.path("object").asText();
        return object.isEmpty() ? "" : "/" + object;
    }

    /** What has no legal time counts as lately: what was used is not called unused. */
    private boolean before(String time) {
        try {
            return Instant.parse(time).isBefore(since);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
