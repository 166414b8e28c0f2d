package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonParser;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretPatch;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets, as Key Vault's REST API has them. */
public final class SecretRoutes {

    /** A value of 25,600 bytes, each written as six characters, with room for its attributes. */
    private static final int SET_LIMIT = 192 * 1024;

    private SecretRoutes() {}

    public static List<Route> routes() {
        var routes = new ArrayList<>(ObjectRoutes.of(SecretAnswers.FORM));
        routes.addAll(List.of(
                inVault(Method.PUT, "secrets/{name}", SecretRoutes::set).withBodyOf(SET_LIMIT),
                inVault(Method.GET, "secrets/{name}/{version?}", SecretRoutes::get)
                        .computing(),
                inVault(Method.PATCH, "secrets/{name}/{version?}", SecretRoutes::update)));
        return List.copyOf(routes);
    }

    private static Response set(Request request) {
        var id = id(request);
        try (var given = Given.of(request)) {
            var value = given.value;
            if (value == null) {
                throw RestException.badParameter("'value' is missing");
            }
            var attributes = new SecretAttributes(
                    given.attributes.enabled().orElse(true),
                    given.attributes.notBefore(),
                    given.attributes.expires(),
                    given.contentType.orElse(""),
                    given.tags.orElse(Map.of()));
            // The door closes the one it gets.
            var toStore = SecretBytes.owning(value.reveal(SecretAccess.GRANTED));
            var version = request.execute(new SecretSet(id, toStore, attributes, Optional.empty(), Optional.empty()));
            return Response.json(json -> {
                json.writeStartObject();
                Json.writeSecret(json, "value", value);
                SecretAnswers.FORM.bundle(json, request, new VersionView(id, version, false));
                json.writeEndObject();
            });
        }
    }

    private static Response get(Request request) {
        var id = id(request);
        if (request.query("outContentType").isPresent()) {
            throw RestException.badParameter("'outContentType' is for the secrets of certificates");
        }
        var fetched = request.execute(new SecretGet(id, ObjectAnswers.version(request), Optional.empty()));
        if (!(fetched instanceof Fetched.Value(var version, var previous, var value))) {
            throw new IllegalStateException("unchanged, without a version that is held");
        }
        try (value) {
            return Response.json(json -> {
                json.writeStartObject();
                Json.writeSecret(json, "value", value);
                SecretAnswers.FORM.bundle(json, request, new VersionView(id, version, false));
                if (previous.isPresent()) {
                    json.writeStringField("previousVersion", previous.get());
                }
                json.writeEndObject();
            });
        }
    }

    private static Response update(Request request) {
        var id = id(request);
        var wanted = ObjectAnswers.version(request);
        ObjectView view;
        try (var given = Given.of(request)) {
            if (given.value != null) {
                throw RestException.badParameter("an update changes no value: set makes a new version");
            }
            view = request.execute(new SecretPatch(id, wanted, given.attributes.patch(given.tags), given.contentType));
        }
        var version = wanted.flatMap(view.state()::version).orElseGet(view.state()::current);
        return ObjectAnswers.bundle(SecretAnswers.FORM, request, VersionView.of(id, view.state(), version));
    }

    private static ObjectId id(Request request) {
        return ObjectAnswers.id(request, ObjectKind.SECRET);
    }

    /** The members of a body; others are not looked at, since a newer client may say more than is known here. */
    private static final class Given implements AutoCloseable {

        private @Nullable SecretBytes value;
        private Attributes.Given attributes = Attributes.Given.NOTHING;
        private Optional<String> contentType = Optional.empty();
        private Optional<Map<String, String>> tags = Optional.empty();

        static Given of(Request request) {
            var given = new Given();
            try {
                Json.read(request.body(), given::read);
                return given;
            } catch (RuntimeException e) {
                given.close();
                throw e;
            }
        }

        @Override
        public void close() {
            if (value != null) {
                value.close();
            }
        }

        private void read(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "value" -> value = Json.secret(parser, name);
                case "attributes" -> attributes = Attributes.read(Json.tree(parser));
                case "contentType" -> contentType = Attributes.text(Json.tree(parser), name);
                case "tags" -> tags = Attributes.tags(Json.tree(parser));
                default -> {}
            }
        }
    }
}
