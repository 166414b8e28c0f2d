package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of the audit as it was read. Whoever could write to the place where it was kept controls all of it: it is at
 * most {@value #LIMIT} bytes of printable ASCII, one JSON object of texts, whole numbers, truths and objects of the same,
 * nested at most {@value #DEPTH} deep, with at most {@value #FIELDS} fields and no name twice.
 */
public final class AuditLine {

    /** How long a line may be, in bytes. */
    public static final int LIMIT = 64 * 1024;

    private static final int DEPTH = 4;
    private static final int FIELDS = 64;
    private static final int NAME = 64;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(LIMIT)
                    .maxStringLength(LIMIT)
                    .maxNameLength(NAME)
                    .maxNumberLength(18)
                    .maxNestingDepth(DEPTH)
                    .build())
            .build();

    private final String text;
    private final Map<String, String> fields;
    private final ChainPosition position;
    private final String previous;

    private AuditLine(String text, Map<String, String> fields) throws MalformedLineException {
        this.text = text;
        this.fields = fields;
        this.position = new ChainPosition(hex("instance", 32), number("number"), AuditChain.hash(text));
        this.previous = hex("previous", 64);
        try {
            var _ = Instant.parse(required("time"));
        } catch (DateTimeParseException e) {
            throw new MalformedLineException("its time is not RFC 3339");
        }
        required("category");
    }

    /** Not a line that the audit writes. */
    public static final class MalformedLineException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedLineException(String what) {
            super(what);
        }
    }

    /** @param bytes without the line end */
    public static AuditLine parse(byte[] bytes) throws MalformedLineException {
        if (bytes.length > LIMIT) {
            throw new MalformedLineException("it is longer than " + LIMIT + " bytes");
        }
        for (byte one : bytes) {
            if (one < 0x20 || one > 0x7e) {
                throw new MalformedLineException("it is not printable ASCII");
            }
        }
        String text = new String(bytes, US_ASCII);
        try (var json = JSON.createParser(text)) {
            var fields = new HashMap<String, String>();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedLineException("it is no JSON object");
            }
            object(json, "", fields);
            if (json.nextToken() != null) {
                throw new MalformedLineException("something follows its JSON object");
            }
            return new AuditLine(text, fields);
        } catch (IOException e) {
            // The parser's own text quotes the line.
            throw new MalformedLineException("it is no JSON object");
        }
    }

    /** Reads an object that is open, one level at a time; the depth is limited by the parser. */
    private static void object(JsonParser json, String prefix, Map<String, String> fields)
            throws IOException, MalformedLineException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = prefix + json.currentName();
            switch (json.nextToken()) {
                case START_OBJECT -> object(json, name + ".", fields);
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_TRUE, VALUE_FALSE -> {
                    if (fields.put(name, json.getText()) != null || fields.size() > FIELDS) {
                        throw new MalformedLineException("it has a field twice, or too many");
                    }
                }
                case null, default -> throw new MalformedLineException("it holds what no line holds");
            }
        }
    }

    /** The line itself, without its end. */
    public String text() {
        return text;
    }

    public ChainPosition position() {
        return position;
    }

    /** The hash of the line before: 64 hex characters. */
    public String previous() {
        return previous;
    }

    public Instant time() {
        return Instant.parse(fields.getOrDefault("time", ""));
    }

    /** {@code AuditEvent}, {@code AuditCheckpoint} or {@code AuditDropped}. */
    public String category() {
        return fields.getOrDefault("category", "");
    }

    /** @param path such as {@code identity.claim.upn} */
    public Optional<String> field(String path) {
        return Optional.ofNullable(fields.get(path));
    }

    String required(String path) throws MalformedLineException {
        return field(path).orElseThrow(() -> new MalformedLineException("it has no " + path));
    }

    String hex(String path, int length) throws MalformedLineException {
        String value = required(path);
        if (value.length() != length
                || !value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new MalformedLineException("its " + path + " is not " + length + " hex characters");
        }
        return value;
    }

    long number(String path) throws MalformedLineException {
        String value = required(path);
        if (!NUMBER.matcher(value).matches()) {
            throw new MalformedLineException("its " + path + " is no number");
        }
        return Long.parseLong(value);
    }
}
