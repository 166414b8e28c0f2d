package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wrapped key in a line of a list: its text alone, or a JSON object as {@code wrapkey} answers it.
 *
 * @param json the object, where it is one; members that are not of interest here stay as they are
 * @param version of the key, by which it was wrapped
 * @param algorithm by which it was wrapped
 * @param value base64url
 */
record WrappedLine(Optional<ObjectNode> json, String version, String algorithm, String value) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Numbers come out as they went in.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final Pattern VALUE = Pattern.compile("[0-9A-Za-z_-]+");
    private static final Pattern VERSION = Pattern.compile("[0-9a-zA-Z]{1,64}");

    /** A line that is not understood. Its text says why, and quotes nothing of it. */
    static final class MalformedLineException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedLineException(String why) {
            super(why);
        }
    }

    /**
     * Reads a line.
     *
     * @param key the name of the key that is to have wrapped it
     * @param usualVersion of a line that names none; empty is none
     * @param usualAlgorithm of a line that names none
     */
    static WrappedLine parse(String line, String key, String usualVersion, String usualAlgorithm)
            throws MalformedLineException {
        if (!line.startsWith("{")) {
            return checked(Optional.empty(), usualVersion, usualAlgorithm, line);
        }
        ObjectNode json;
        try {
            json = (ObjectNode) JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new MalformedLineException("it is no JSON object with each name once");
        }
        String version = usualVersion;
        if (json.has("kid")) {
            var url = ObjectUrl.of("keys", json.path("kid").asText());
            if (!url.name().equalsIgnoreCase(key)) {
                throw new MalformedLineException("its kid is not of the key '" + key + "'");
            }
            version = url.version();
        }
        String algorithm = json.has("alg") ? json.path("alg").asText() : usualAlgorithm;
        return checked(Optional.of(json), version, algorithm, json.path("value").asText());
    }

    private static WrappedLine checked(Optional<ObjectNode> json, String version, String algorithm, String value)
            throws MalformedLineException {
        if (!VALUE.matcher(value).matches()) {
            throw new MalformedLineException(
                    json.isPresent()
                            ? "its value is not base64url without padding"
                            : "it is neither a JSON object nor base64url without padding");
        }
        if (version.isEmpty()) {
            throw new MalformedLineException(
                    "by which version it was wrapped is not in it: its kid or --version says so");
        }
        if (!VERSION.matcher(version).matches()) {
            throw new MalformedLineException("the version of its kid is none");
        }
        return new WrappedLine(json, version, algorithm, value);
    }

    /** The line with the same key under another version. */
    String wrappedBy(String newVersion, String newValue) {
        if (json.isEmpty()) {
            return newValue;
        }
        var changed = json.get().deepCopy();
        changed.put("value", newValue);
        if (changed.has("kid")) {
            // The place that it was given by stays: this command may have reached the vault by another.
            String kid = changed.path("kid").asText();
            changed.put("kid", kid.substring(0, kid.lastIndexOf('/') + 1) + newVersion);
        }
        return changed.toString();
    }
}
