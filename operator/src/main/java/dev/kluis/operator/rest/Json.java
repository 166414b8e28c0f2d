package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.util.Arrays;

/**
 * JSON as this API reads and writes it (RFC 8259): strict UTF-8, no name twice, at most {@value #MAX_DEPTH} deep. A body
 * is an attacker's, and its size is limited before it comes here.
 */
public final class Json {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME = 1024;
    private static final int MAX_NUMBER = 32;
    private static final int PIECE = 8 * 1024;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(Route.MAX_BODY_LIMIT)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .recyclerPool(new JsonBuffers())
            // An error's text quotes no source.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names that attackers choose are not kept.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private Json() {}

    /** Takes a member of an object; the parser stands on its value, which has to be read or skipped. */
    @FunctionalInterface
    public interface Member {
        void read(String name, JsonParser value) throws IOException;
    }

    /**
     * Reads a body that is one object, member by member.
     *
     * @throws RestException 400 for anything else
     */
    public static void read(byte[] body, Member member) {
        char[] text = text(body);
        try {
            read(new CharArrayReader(text), member);
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    /** Takes a member of a large body: the parser stands on its value, which begins at a byte of the body. */
    @FunctionalInterface
    interface Placed {
        void read(String name, JsonParser value, int at) throws IOException;
    }

    /**
     * As {@link #read}, with no copy of the body but pieces that are not wiped: for a large one without secrets, whose texts
     * are taken from where they lie. What is not ASCII is not decoded, and wrong in texts that the parser gives.
     */
    static void readLarge(byte[] body, Placed member) {
        requireUtf8(body);
        // One character for each byte, so that the parser's places are the body's.
        var bytes = new InputStreamReader(new ByteArrayInputStream(body), ISO_8859_1);
        read(
                bytes,
                (name, value) -> member.read(
                        name,
                        value,
                        Math.toIntExact(value.currentTokenLocation().getCharOffset())));
    }

    private static void requireUtf8(byte[] body) {
        var decoder = UTF_8.newDecoder();
        var from = ByteBuffer.wrap(body);
        var piece = CharBuffer.allocate(PIECE);
        CoderResult result;
        do {
            result = decoder.decode(from, piece.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw RestException.badParameter("the body is not UTF-8");
        }
    }

    private static void read(Reader text, Member member) {
        try (var parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw RestException.badParameter("the body is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                member.read(name, parser);
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw RestException.badParameter("the body goes on behind its JSON object");
            }
        } catch (IOException e) {
            // Its text may quote the body.
            throw RestException.badParameter(
                    "the body is not JSON of at most " + MAX_DEPTH + " levels, each name once");
        }
    }

    /** The value where the parser stands, as a tree. */
    public static JsonNode tree(JsonParser parser) throws IOException {
        return MAPPER.readTree(parser);
    }

    /**
     * A string where the parser stands, as bytes of UTF-8; none of it becomes a {@link String}.
     *
     * @throws RestException 400 for what is no string, or holds half of a surrogate pair
     */
    public static SecretBytes secret(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw RestException.badParameter("'" + name + "' is not a string");
        }
        var chars = CharBuffer.wrap(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        // A character of UTF-16 is at most three bytes.
        var encoded = ByteBuffer.allocate(3 * chars.length());
        try {
            if (UTF_8.newEncoder().encode(chars, encoded, true).isError()) {
                throw RestException.badParameter("'" + name + "' is not Unicode");
            }
            return SecretBytes.owning(Arrays.copyOf(encoded.array(), encoded.position()));
        } finally {
            Arrays.fill(encoded.array(), (byte) 0);
        }
    }

    /** Writes a value as a member; it is UTF-8, or nothing is written. */
    public static void writeSecret(JsonGenerator json, String name, SecretBytes value) throws IOException {
        byte[] bytes = value.reveal(SecretAccess.GRANTED);
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            json.writeFieldName(name);
            json.writeUTF8String(bytes, 0, bytes.length);
        } catch (CharacterCodingException e) {
            throw new RestException(
                    409, "Conflict", "ValueIsNotText", "the value is not UTF-8 and JSON cannot hold it");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static char[] text(byte[] body) {
        var decoded = CharBuffer.allocate(body.length);
        try {
            if (UTF_8.newDecoder().decode(ByteBuffer.wrap(body), decoded, true).isError()) {
                throw RestException.badParameter("the body is not UTF-8");
            }
            return Arrays.copyOf(decoded.array(), decoded.position());
        } finally {
            Arrays.fill(decoded.array(), '\0');
        }
    }
}
