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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which assignments the audit tells of, each use once. Lines that are no audit, such as the operator's log, are passed over. */
final class AuditUses {

    private static final int LIMIT = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As docs/reference/audit.md has it. */
    record Use(String assignment, String caller, String operation, String resource) {}

    private final Instant from;
    private final Set<Use> found = new LinkedHashSet<>();
    private @Nullable Instant earliest;

    /** @param from the beginning of the time that matters */
    AuditUses(Instant from) {
        this.from = from;
    }

    /** The earliest time of a line; absent where there is no line of the audit. */
    Optional<Instant> since() {
        return Optional.ofNullable(earliest);
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
        if (!record.path("category").asText().startsWith("Audit")) {
            return;
        }
        var time = time(record);
        time.filter(at -> earliest == null || at.isBefore(earliest)).ifPresent(at -> earliest = at);
        String assignment = record.path("identity").path("assignment").asText();
        // What has no legal time counts as lately: what was used is not called unused.
        if (!assignment.isEmpty() && time.filter(at -> at.isBefore(from)).isEmpty()) {
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

    private static Optional<Instant> time(JsonNode record) {
        try {
            return Optional.of(Instant.parse(record.path("time").asText()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
