package dev.kluis.vault.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kluis.crypto.CanonicalBase64;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import java.io.CharArrayReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWK (RFC 7517) that somebody brings, as text. It is read member by member, so that no private part becomes a string;
 * members that are not known are not looked at. All of it is an attacker's.
 */
public final class BroughtJwk implements AutoCloseable {

    /** Why a key of a hardware module is refused. */
    public static final String NO_MODULE = "this vault has no hardware module: leave 'Hsm' and 'key_hsm' out";

    /** The members that are bytes. */
    private static final Set<String> BINARY =
            Set.of("n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k", "pub", "priv");

    private static final int MAX_OPERATIONS = 16;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME = 1024;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // An error's text quotes no source.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names that attackers choose are not kept.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private Optional<String> kty = Optional.empty();
    private Optional<String> curve = Optional.empty();
    private Optional<String> algorithm = Optional.empty();
    private Optional<List<String>> operations = Optional.empty();
    private boolean hsm;
    private final Map<String, byte[]> binary = new HashMap<>();

    private BroughtJwk() {}

    /**
     * Reads the object on which the parser stands.
     *
     * @throws VaultException when it is no JWK
     */
    public static BroughtJwk read(JsonParser parser) throws IOException {
        var jwk = new BroughtJwk();
        try {
            jwk.readMembers(parser);
            return jwk;
        } catch (IOException | RuntimeException e) {
            jwk.close();
            throw e;
        }
    }

    /**
     * Reads a text that is one JWK and nothing else.
     *
     * @param text stays open
     * @throws VaultException when it is none; the message quotes nothing of it
     */
    static BroughtJwk parse(SecretBytes text) {
        char[] chars = chars(text);
        @Nullable BroughtJwk read = null;
        try (var parser = FACTORY.createParser(new CharArrayReader(chars))) {
            parser.nextToken();
            read = read(parser);
            if (parser.nextToken() != null) {
                throw bad("the text goes on behind the key");
            }
            return read;
        } catch (IOException e) {
            close(read);
            throw bad("the key is not a JWK: JSON of at most " + MAX_DEPTH + " levels, each name once");
        } catch (VaultException e) {
            close(read);
            throw e;
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private static void close(@Nullable BroughtJwk read) {
        if (read != null) {
            read.close();
        }
    }

    private static char[] chars(SecretBytes text) {
        byte[] bytes = text.reveal(SecretAccess.GRANTED);
        var decoded = CharBuffer.allocate(bytes.length);
        try {
            if (UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), decoded, true).isError()) {
                throw bad("the key is not UTF-8");
            }
            return Arrays.copyOf(decoded.array(), decoded.position());
        } finally {
            Arrays.fill(decoded.array(), '\0');
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void readMembers(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw bad("'key' is not an object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "kty" -> kty = text(parser, name);
                case "crv" -> curve = text(parser, name);
                case "alg" -> algorithm = text(parser, name);
                case "key_ops" -> operations = operations(parser);
                case "key_hsm" -> hsm |= parser.currentToken() != JsonToken.VALUE_NULL;
                default -> {
                    if (BINARY.contains(name) && parser.currentToken() != JsonToken.VALUE_NULL) {
                        binary.put(name, binary(parser, name));
                    }
                }
            }
            parser.skipChildren();
        }
    }

    private static Optional<String> text(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        requireString(parser, name);
        return Optional.of(parser.getText());
    }

    private static Optional<List<String>> operations(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        String otherwise = "'key_ops' is not an array of at most " + MAX_OPERATIONS;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw bad(otherwise);
        }
        var operations = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (operations.size() == MAX_OPERATIONS) {
                throw bad(otherwise);
            }
            operations.add(text(parser, "key_ops").orElseThrow(() -> bad("one of 'key_ops' is null")));
        }
        return Optional.of(operations);
    }

    private static byte[] binary(JsonParser parser, String name) throws IOException {
        requireString(parser, name);
        char[] chars = parser.getTextCharacters();
        int start = parser.getTextOffset();
        byte[] encoded = new byte[parser.getTextLength()];
        try {
            for (int i = 0; i < encoded.length; i++) {
                // What is no ASCII is no base64url either.
                encoded[i] = chars[start + i] < 0x80 ? (byte) chars[start + i] : (byte) '!';
            }
            return CanonicalBase64.decodeUrl(encoded);
        } catch (IllegalArgumentException e) {
            throw bad("'" + name + "' is not base64url without padding");
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static void requireString(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw bad("'" + name + "' is not a string");
        }
    }

    private static VaultException bad(String what) {
        return new VaultException(Code.BAD_PARAMETER, what);
    }

    public Optional<String> kty() {
        return kty;
    }

    /** {@code crv}. */
    public Optional<String> curve() {
        return curve;
    }

    /** {@code alg}. */
    public Optional<String> algorithm() {
        return algorithm;
    }

    /** {@code key_ops}, where it says. */
    public Optional<List<String>> operations() {
        return operations;
    }

    /**
     * The key, whose bytes belong to the result from now on.
     *
     * @throws VaultException when it is none that can be taken in
     */
    public JwkMembers members() {
        if (hsm) {
            throw bad(NO_MODULE);
        }
        String type = kty.orElseThrow(() -> bad("'key.kty' is missing"));
        var parameter = type.startsWith("AKP") ? algorithm : curve;
        try {
            return new JwkMembers(type, parameter.orElse(null), binary);
        } catch (KeyRefusedException e) {
            throw KeyRules.refused(e);
        }
    }

    @Override
    public void close() {
        binary.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0));
    }

    @Override
    public String toString() {
        return "BroughtJwk[" + binary.keySet() + "]";
    }
}
