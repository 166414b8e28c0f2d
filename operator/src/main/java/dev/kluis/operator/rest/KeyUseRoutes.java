package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.operator.rest.Response.JsonBody;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.key.KeyDecrypt;
import dev.kluis.vault.key.KeyEncrypt;
import dev.kluis.vault.key.KeyRelease;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyUnwrap;
import dev.kluis.vault.key.KeyVerify;
import dev.kluis.vault.key.KeyWrap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is computed with keys, as Key Vault's REST API has it. */
public final class KeyUseRoutes {

    /** What is computed, by the last segment of its path. */
    private static final Map<String, Route.Handler> USES = Map.of(
            "encrypt", KeyUseRoutes::encrypt,
            "decrypt", KeyUseRoutes::decrypt,
            "wrapkey", KeyUseRoutes::wrap,
            "unwrapkey", KeyUseRoutes::unwrap,
            "sign", KeyUseRoutes::sign,
            "verify", KeyUseRoutes::verify,
            "release", KeyUseRoutes::release);

    private KeyUseRoutes() {}

    /** Without a version the path has an empty segment, or none where somebody between removes those. */
    public static List<Route> routes() {
        var routes = new ArrayList<Route>();
        USES.forEach((use, handler) -> {
            routes.add(inVault(Method.POST, "keys/{name}/{version?}/" + use, handler)
                    .computing());
            routes.add(inVault(Method.POST, "keys/{name}/" + use, handler).computing());
        });
        return List.copyOf(routes);
    }

    private static ObjectId id(Request request) {
        return ObjectAnswers.id(request, ObjectKind.KEY);
    }

    private static Response encrypt(Request request) {
        try (var given = Given.of(request, Set.of("value", "iv", "aad"))) {
            var id = id(request);
            var done = request.execute(new KeyEncrypt(
                    id,
                    ObjectAnswers.version(request),
                    given.algorithm(),
                    given.secret("value"),
                    given.optional("iv"),
                    given.optional("aad")));
            return result(request, id, done.version(), json -> {
                Base64Url.write(json, "value", done.ciphertext().value());
                optional(json, "iv", done.ciphertext().iv());
                optional(json, "tag", done.ciphertext().tag());
                optional(json, "aad", given.optional("aad").orElse(null));
            });
        }
    }

    private static Response decrypt(Request request) {
        try (var given = Given.of(request, Set.of("value", "iv", "tag", "aad"))) {
            var id = id(request);
            var ciphertext = new Ciphertext(
                    given.required("value"),
                    given.optional("iv").orElse(null),
                    given.optional("tag").orElse(null));
            var done = request.execute(new KeyDecrypt(
                    id, ObjectAnswers.version(request), given.algorithm(), ciphertext, given.optional("aad")));
            try (var plaintext = done.plaintext()) {
                return result(request, id, done.version(), json -> Base64Url.write(json, "value", plaintext));
            }
        }
    }

    private static Response wrap(Request request) {
        try (var given = Given.of(request, Set.of("value"))) {
            var id = id(request);
            var done = request.execute(
                    new KeyWrap(id, ObjectAnswers.version(request), given.algorithm(), given.secret("value")));
            return result(request, id, done.version(), json -> Base64Url.write(json, "value", done.wrapped()));
        }
    }

    private static Response unwrap(Request request) {
        try (var given = Given.of(request, Set.of("value"))) {
            var id = id(request);
            var done = request.execute(
                    new KeyUnwrap(id, ObjectAnswers.version(request), given.algorithm(), given.required("value")));
            try (var key = done.key()) {
                return result(request, id, done.version(), json -> Base64Url.write(json, "value", key));
            }
        }
    }

    private static Response sign(Request request) {
        try (var given = Given.of(request, Set.of("value", "context"))) {
            var id = id(request);
            var done = request.execute(
                    new KeySign(id, ObjectAnswers.version(request), given.algorithm(), given.signed("value")));
            return result(request, id, done.version(), json -> Base64Url.write(json, "value", done.signature()));
        }
    }

    private static Response verify(Request request) {
        try (var given = Given.of(request, Set.of("digest", "value", "context"))) {
            var done = request.execute(new KeyVerify(
                    id(request),
                    ObjectAnswers.version(request),
                    given.algorithm(),
                    given.signed("digest"),
                    given.required("value")));
            return Response.json(json -> {
                json.writeStartObject();
                json.writeBooleanField("value", done.valid());
                json.writeEndObject();
            });
        }
    }

    private static Response release(Request request) {
        Json.read(request.body(), (name, parser) -> {});
        return KeyAnswers.bundle(request, request.execute(new KeyRelease(id(request), ObjectAnswers.version(request))));
    }

    private static Response result(Request request, ObjectId id, String version, JsonBody members) {
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("kid", ObjectAnswers.url(request, id, version));
            members.write(json);
            json.writeEndObject();
        });
    }

    private static void optional(JsonGenerator json, String name, byte @Nullable [] bytes) throws IOException {
        if (bytes != null) {
            Base64Url.write(json, name, bytes);
        }
    }

    /** What a body gives: an algorithm and bytes, which are zeroed with it. */
    private static final class Given implements AutoCloseable {

        private static final Set<String> BINARY = Set.of("value", "digest", "iv", "aad", "tag", "context");

        private final Set<String> taken;
        private final Map<String, byte[]> members = new HashMap<>();
        private Optional<String> algorithm = Optional.empty();
        private boolean externalMu;

        private Given(Set<String> taken) {
            this.taken = taken;
        }

        /** @param taken the binary members that the operation takes; another one that is known is refused */
        static Given of(Request request, Set<String> taken) {
            var given = new Given(taken);
            try {
                Json.read(request.body(), given::read);
                return given;
            } catch (RuntimeException e) {
                given.close();
                throw e;
            }
        }

        private void read(String name, JsonParser parser) throws IOException {
            if (name.equals("alg")) {
                algorithm = KeyBody.text(parser, name);
            } else if (name.equals("external_mu")) {
                externalMu = parser.currentToken() == JsonToken.VALUE_TRUE;
            } else if (BINARY.contains(name) && parser.currentToken() != JsonToken.VALUE_NULL) {
                if (!taken.contains(name)) {
                    throw RestException.badParameter("'" + name + "' is for another operation");
                }
                members.put(name, Base64Url.read(parser, name));
            }
        }

        String algorithm() {
            return algorithm.orElseThrow(() -> RestException.badParameter("'alg' is missing"));
        }

        byte[] required(String name) {
            return optional(name).orElseThrow(() -> RestException.badParameter("'" + name + "' is missing"));
        }

        Optional<byte[]> optional(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /** Closed by the door. */
        SecretBytes secret(String name) {
            return SecretBytes.copyOf(required(name));
        }

        /** A digest or a message; for ML-DSA with a context, or what another party computed of both. */
        SignatureInput signed(String name) {
            byte[] value = required(name);
            if (externalMu) {
                if (members.containsKey("context")) {
                    throw RestException.badParameter("an external mu has its context inside");
                }
                return SignatureInput.externalMu(value);
            }
            return optional("context")
                    .map(context -> SignatureInput.inContext(value, context))
                    .orElseGet(() -> SignatureInput.of(value));
        }

        @Override
        public void close() {
            members.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0));
        }
    }
}
