package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes audit records as JSON lines that form a chain: each line holds the instance, a number that grows by one, and the
 * hash of the line before, so that a line edited, left out or moved is found. The hash of a line is SHA-256 over its UTF-8
 * bytes without the line end; the first line of an instance names 64 zeros.
 */
public final class AuditChain implements AuditSink {

    /** The {@code previous} of an instance's first line. */
    public static final String NO_PREVIOUS = "0".repeat(64);

    private static final JsonFactory JSON = new JsonFactory();

    private final String instance;
    private final Consumer<String> lines;
    private long number;
    private String previous = NO_PREVIOUS;

    /**
     * @param instance 32 hex characters, new for each process
     * @param lines takes each line, without its end
     */
    public AuditChain(String instance, Consumer<String> lines) {
        this.instance = instance;
        this.lines = lines;
    }

    @Override
    public synchronized void accept(AuditRecord record) {
        String line = json(record);
        lines.accept(line);
        previous = hash(line);
        number++;
    }

    /** The hash of a line: 64 hex characters. */
    public static String hash(String line) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not usable in this runtime", e);
        }
    }

    private String json(AuditRecord record) {
        var text = new StringWriter(512);
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("category", "AuditEvent");
            json.writeStringField("time", record.time().toString());
            json.writeStringField("operationName", record.operation());
            json.writeStringField("resourceId", record.resource());
            optional(json, "version", record.version());
            json.writeStringField("resultType", record.result());
            optional(json, "resultDescription", record.reason());
            json.writeStringField("correlationId", record.operationId());
            json.writeObjectFieldStart("identity");
            json.writeStringField("name", record.caller());
            optional(json, "uid", record.callerUid());
            optional(json, "assignment", record.assignment());
            json.writeEndObject();
            json.writeNumberField("durationMs", record.duration().toMillis());
            json.writeStringField("instance", instance);
            json.writeNumberField("number", number);
            json.writeStringField("previous", previous);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void optional(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }
}
