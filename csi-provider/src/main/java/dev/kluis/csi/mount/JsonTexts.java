package dev.kluis.csi.mount;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts in a JSON object, each by the names that lead to it; numbers, arrays and the like are left out. By the
 * streaming parser: binding objects would cost the node megabytes of classes.
 */
final class JsonTexts {

    /** Of a whole document, in characters. */
    static final int LIMIT = 512 * 1024;

    private static final int DEPTH = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(LIMIT)
                    .maxDocumentLength(LIMIT)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonTexts() {}

    /** @throws IOException for what is not one JSON object; its message quotes the input and is for nobody */
    static Map<List<String>, String> read(String json) throws IOException {
        Map<List<String>, String> texts = new HashMap<>();
        Deque<String> names = new ArrayDeque<>();
        try (var parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            readObject(parser, names, texts);
            if (parser.nextToken() != null) {
                throw new IOException("more than one value");
            }
        }
        return texts;
    }

    private static void readObject(JsonParser parser, Deque<String> names, Map<List<String>, String> texts)
            throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            names.addLast(parser.currentName());
            switch (parser.nextToken()) {
                case START_OBJECT -> readObject(parser, names, texts);
                case START_ARRAY -> parser.skipChildren();
                case VALUE_STRING -> texts.put(new ArrayList<>(names), parser.getText());
                default -> {}
            }
            names.removeLast();
        }
    }
}
