package dev.kluis.vault.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.AuditTarget.TokenClient;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the lines of the audit: JSON (RFC 8259) of printable ASCII only, everything else escaped, so that nothing a
 * client sent ends a line, moves a terminal's cursor or hides behind another alphabet. Texts are cut to their limits: a
 * line stays far below {@link AuditLine#LIMIT}.
 */
final class AuditLines {

    /** Stands before the signature of a checkpoint, which ends its line. */
    static final String SIGNATURE = ",\"signature\":\"";

    private static final int HIGHEST_NOT_ESCAPED = 0x7e;
    private static final int NAME = 1024;
    private static final int TEXT = 512;

    /** With buffers of its own: those that Jackson keeps by thread would be made anew for each request's. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(2))
            .build();

    private static final Map<Integer, String> PHRASES = Map.of(
            200, "OK",
            202, "Accepted",
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            409, "Conflict",
            429, "Too Many Requests",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private AuditLines() {}

    /** The place of a line that is to be written. */
    record Place(String instance, long number, String previous) {}

    /** What is written between the braces. */
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static String line(String category, Instant time, Place place, Body body) {
        var text = new StringWriter(1024);
        try (var json = JSON.createGenerator(text).setHighestNonEscapedChar(HIGHEST_NOT_ESCAPED)) {
            json.writeStartObject();
            json.writeStringField("category", category);
            json.writeStringField("time", time.toString());
            body.write(json);
            json.writeStringField("instance", place.instance());
            json.writeNumberField("number", place.number());
            json.writeStringField("previous", place.previous());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static String event(AuditRecord record, Place place) {
        return line("AuditEvent", record.time(), place, json -> {
            json.writeStringField("operationName", record.operation());
            optional(json, "operationVersion", record.source().apiVersion(), TEXT);
            switch (record.target()) {
                case ObjectId id -> {
                    json.writeStringField("resourceId", id.vault().toString());
                    if (id.kind() != ObjectKind.VAULT) {
                        json.writeStringField("object", id.kind().collection() + "/" + id.name());
                    }
                }
                case Installation.SEAL -> json.writeStringField("resourceId", Installation.SEAL_ID);
                case TokenClient(String client) -> {
                    json.writeStringField("resourceId", TokenClient.TOKENS_ID);
                    if (!client.isEmpty()) {
                        json.writeStringField("object", cut(TokenClient.COLLECTION + client, TEXT));
                    }
                }
            }
            optional(json, "version", record.version(), TEXT);
            json.writeStringField("resultType", record.result().type());
            json.writeStringField(
                    "resultSignature",
                    PHRASES.getOrDefault(
                            record.result().status(),
                            String.valueOf(record.result().status())));
            optional(json, "resultDescription", record.result().description(), TEXT);
            json.writeNumberField("durationMs", Math.max(0, record.duration().toMillis()));
            optional(json, "callerIpAddress", record.source().address(), TEXT);
            json.writeStringField("correlationId", record.operationId());
            identity(json, record);
            properties(json, record);
            if (record.replayed()) {
                json.writeBooleanField("replayed", true);
            }
        });
    }

    private static void identity(JsonGenerator json, AuditRecord record) throws IOException {
        var identity = record.identity();
        json.writeObjectFieldStart("identity");
        json.writeObjectFieldStart("claim");
        optional(json, "objectidentifier", identity.uid(), TEXT);
        json.writeStringField(identity.program() ? "appid" : "upn", cut(identity.name(), NAME));
        json.writeEndObject();
        json.writeStringField("name", cut(identity.name(), NAME));
        optional(json, "uid", identity.uid(), TEXT);
        optional(json, "assignment", record.assignment(), TEXT);
        if (identity.pod().isPresent()) {
            var pod = identity.pod().get();
            json.writeObjectFieldStart("pod");
            json.writeStringField("name", cut(pod.name(), TEXT));
            json.writeStringField("uid", cut(pod.uid(), TEXT));
            json.writeStringField("node", cut(pod.node(), TEXT));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void properties(JsonGenerator json, AuditRecord record) throws IOException {
        var source = record.source();
        json.writeObjectFieldStart("properties");
        optional(json, "clientInfo", source.clientInfo(), TEXT);
        optional(
                json,
                "requestUri",
                source.requestUri()
                        .map(uri -> uri
                                + source.apiVersion()
                                        .map(version -> "?api-version=" + version)
                                        .orElse("")),
                2 * NAME);
        if (record.target() instanceof ObjectId id) {
            json.writeStringField("id", address(id, record.version()));
        }
        json.writeNumberField("httpStatusCode", record.result().status());
        json.writeEndObject();
    }

    /** The object's address in Key Vault's form. */
    private static String address(ObjectId target, Optional<String> version) {
        String vault = "https://" + target.vault().name() + ".vault.svc.cluster.local";
        return target.kind() == ObjectKind.VAULT
                ? vault
                : vault + "/" + target.kind().collection() + "/" + target.name()
                        + version.map(one -> "/" + one).orElse("");
    }

    /** What a checkpoint says. */
    record Checkpoint(
            Instant time,
            AuditChain.Occasion occasion,
            VerifyingKey key,
            Optional<VerifyingKey> next,
            Optional<ChainPosition> follows) {}

    /** A checkpoint without its signature, which is put before the closing brace. */
    static String unsigned(Checkpoint checkpoint, Place place) {
        return line("AuditCheckpoint", checkpoint.time(), place, json -> {
            json.writeStringField("occasion", checkpoint.occasion().text());
            json.writeStringField("keyId", checkpoint.key().id());
            json.writeStringField("publicKey", checkpoint.key().hex());
            optional(json, "nextPublicKey", checkpoint.next().map(VerifyingKey::hex), TEXT);
            follows(json, checkpoint.follows());
        });
    }

    /** The first line of a process that is sealed: no key is there that could sign it. */
    static String start(Instant time, Optional<ChainPosition> follows, Place place) {
        return line("AuditStart", time, place, json -> follows(json, follows));
    }

    private static void follows(JsonGenerator json, Optional<ChainPosition> follows) throws IOException {
        if (follows.isPresent()) {
            json.writeObjectFieldStart("follows");
            json.writeStringField("instance", follows.get().instance());
            json.writeNumberField("number", follows.get().number());
            json.writeStringField("hash", follows.get().hash());
            json.writeEndObject();
        }
    }

    /** Lines that one sink does not have. */
    static String dropped(Instant time, AuditOutlet.Gap gap, Place place) {
        return line("AuditDropped", time, place, json -> {
            json.writeStringField("sink", gap.sink());
            json.writeNumberField("from", gap.from());
            json.writeNumberField("to", gap.to());
            json.writeNumberField("count", gap.to() - gap.from() + 1);
            json.writeStringField("before", gap.before());
        });
    }

    private static void optional(JsonGenerator json, String name, Optional<String> value, int limit)
            throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, cut(value.get(), limit));
        }
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit);
    }
}
