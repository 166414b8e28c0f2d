package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What a route answers.
 *
 * @param body belongs to the server from now on, which fills it with zeros once it is sent
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Response(int status, Map<String, String> headers, byte[] body) {

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface JsonBody {
        void write(JsonGenerator json) throws IOException;
    }

    /** 200 with JSON. */
    public static Response json(JsonBody body) {
        return json(200, Map.of(), body);
    }

    public static Response json(int status, Map<String, String> headers, JsonBody body) {
        var bytes = new Wiped();
        try (var json = Json.FACTORY.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Response(status, headers, bytes.take());
    }

    /** 204. */
    public static Response noContent() {
        return new Response(204, Map.of(), new byte[0]);
    }

    /** Key Vault's error body. */
    static Response error(int status, String code, String inner, String message, Map<String, String> headers) {
        return json(status, headers, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            if (!inner.isEmpty()) {
                json.writeObjectFieldStart("innererror");
                json.writeStringField("code", inner);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** Leaves no copy behind when its bytes are taken. */
    private static final class Wiped extends ByteArrayOutputStream {

        Wiped() {
            super(512);
        }

        byte[] take() {
            byte[] bytes = toByteArray();
            java.util.Arrays.fill(buf, (byte) 0);
            return bytes;
        }
    }
}
