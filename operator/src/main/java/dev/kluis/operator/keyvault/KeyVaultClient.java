package dev.kluis.operator.keyvault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.kluis.crypto.CanonicalBase64;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.rest.Json;
import dev.kluis.operator.rest.RestException;
import dev.kluis.vault.seal.RemoteKey;
import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteKeyId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Wraps and unwraps by a key behind a Key Vault API: Azure's or Kluis's own. Each use is a conversation of its own, with a
 * token of its own; there is one at the start and then next to none, and nothing stays in memory between.
 */
public final class KeyVaultClient implements RemoteKey {

    private static final String WHO = KeyRefusal.WHO;
    /** Old enough for every server, and knows all that is asked here. */
    private static final String API_VERSION = "7.4";

    private static final int OK = 200;
    private static final JsonFactory JSON = new JsonFactory();

    private final KeyVaultSettings settings;
    private final ClientCredentials credentials;

    public KeyVaultClient(KeyVaultSettings settings) {
        this.settings = settings;
        this.credentials = new ClientCredentials(settings.identity());
    }

    @Override
    public RemoteKeyId id() {
        return settings.key();
    }

    @Override
    public Wrapped wrap(SecretBytes key) throws RemoteKeyException {
        byte[] raw = key.reveal(SecretAccess.GRANTED);
        try (var answer = use("wrapkey", settings.key(), settings.algorithm(), raw)) {
            var by = answer.by();
            boolean expected = by.isOfSameKeyAs(settings.key())
                    && by.version().isPresent()
                    && settings.key()
                            .version()
                            .filter(wanted -> !by.version().orElseThrow().equalsIgnoreCase(wanted))
                            .isEmpty();
            if (!expected) {
                throw new RemoteKeyException(WHO + " wrapped by another key than it was asked for: nothing is kept");
            }
            return new Wrapped(by, settings.algorithm(), answer.value().reveal(SecretAccess.GRANTED));
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    @Override
    public SecretBytes unwrap(Wrapped wrapped) throws RemoteKeyException {
        // What is kept says which version, and never which vault is shown a token.
        var key = new RemoteKeyId(
                settings.key().authority(), settings.key().name(), wrapped.by().version());
        try (var answer = use("unwrapkey", key, wrapped.algorithm(), wrapped.bytes())) {
            return SecretBytes.owning(answer.value().reveal(SecretAccess.GRANTED));
        }
    }

    private record Answer(RemoteKeyId by, SecretBytes value) implements AutoCloseable {
        @Override
        public void close() {
            value.close();
        }
    }

    private Answer use(String operation, RemoteKeyId key, String algorithm, byte[] value) throws RemoteKeyException {
        // Without a version its segment is empty, as in every client.
        var url = URI.create("https://" + key.authority() + "/keys/" + key.name() + "/"
                + key.version().orElse("") + "/" + operation + "?api-version=" + API_VERSION);
        byte[] body = body(algorithm, value);
        try (var https = new Https(settings.caFile(), settings.timeout())) {
            String token = credentials.token(https, challenge(https, url, new KeyRefusal(operation, key)));
            var answer = https.send(
                    WHO,
                    HttpRequest.newBuilder(url)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(body)));
            return read(answer, new KeyRefusal(operation, key));
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** Asks without a token, and so with nothing else that is worth to be protected. */
    private static String challenge(Https https, URI url, KeyRefusal refused) throws RemoteKeyException {
        var answer = https.send(
                WHO,
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.noBody()));
        if (answer.statusCode() != KeyRefusal.UNAUTHORIZED) {
            throw refused.by(answer);
        }
        return ResourceChallenge.resource(answer.headers().allValues("WWW-Authenticate"), refused.key());
    }

    private static byte[] body(String algorithm, byte[] value) {
        byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(value);
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("alg", algorithm);
            json.writeFieldName("value");
            json.writeUTF8String(encoded, 0, encoded.length);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
        return bytes.toByteArray();
    }

    private static final class Read {
        @Nullable
        RemoteKeyId by;

        Optional<SecretBytes> value = Optional.empty();
    }

    private static Answer read(HttpResponse<byte[]> answer, KeyRefusal refused) throws RemoteKeyException {
        if (answer.statusCode() != OK) {
            throw refused.by(answer);
        }
        var read = new Read();
        try {
            Json.read(answer.body(), (name, value) -> {
                if (name.equals("kid") && value.currentToken() == JsonToken.VALUE_STRING) {
                    read.by = RemoteKeyId.parse(value.getText());
                } else if (name.equals("value")) {
                    try (var text = Json.secret(value, name)) {
                        read.value = Optional.of(SecretBytes.owning(decode(text)));
                    }
                }
            });
        } catch (RestException | IllegalArgumentException e) {
            read.value.ifPresent(SecretBytes::close);
            throw nonsense();
        } finally {
            Arrays.fill(answer.body(), (byte) 0);
        }
        var by = read.by;
        if (by == null || read.value.isEmpty()) {
            read.value.ifPresent(SecretBytes::close);
            throw nonsense();
        }
        return new Answer(by, read.value.get());
    }

    private static byte[] decode(SecretBytes text) {
        byte[] encoded = text.reveal(SecretAccess.GRANTED);
        try {
            return CanonicalBase64.decodeUrl(encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static RemoteKeyException nonsense() {
        return new RemoteKeyException(WHO + " answers what no Key Vault does: check the host of seal.keyvault.key");
    }
}
