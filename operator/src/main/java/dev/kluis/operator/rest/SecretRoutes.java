package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetDeleted;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretPatch;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import java.io.IOException;
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
        return List.of(
                inVault(Method.PUT, "secrets/{name}", SecretRoutes::set).withBodyOf(SET_LIMIT),
                inVault(Method.GET, "secrets/{name}/{version?}", SecretRoutes::get),
                inVault(Method.PATCH, "secrets/{name}/{version?}", SecretRoutes::update),
                inVault(Method.DELETE, "secrets/{name}", SecretRoutes::delete),
                inVault(Method.GET, "secrets", SecretRoutes::list),
                inVault(Method.GET, "secrets/{name}/versions", SecretRoutes::versions),
                inVault(Method.GET, "deletedsecrets", SecretRoutes::listDeleted),
                inVault(Method.GET, "deletedsecrets/{name}", SecretRoutes::getDeleted),
                inVault(Method.POST, "deletedsecrets/{name}/recover", SecretRoutes::recover),
                inVault(Method.DELETE, "deletedsecrets/{name}", SecretRoutes::purge));
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
                bundle(json, request, id, version);
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
                bundle(json, request, id, version);
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
        return Response.json(json -> object(json, request, id, version));
    }

    private static Response delete(Request request) {
        var view = request.execute(new ObjectDelete(id(request)));
        return Response.json(json -> deleted(json, request, view));
    }

    private static Response getDeleted(Request request) {
        var view = request.execute(new ObjectGetDeleted(id(request)));
        return Response.json(json -> deleted(json, request, view));
    }

    private static Response recover(Request request) {
        var view = request.execute(new ObjectRecover(id(request), Optional.empty()));
        return Response.json(
                json -> object(json, request, view.id(), view.state().current()));
    }

    private static Response purge(Request request) {
        request.execute(new ObjectPurge(id(request)));
        return Response.noContent();
    }

    private static Response list(Request request) {
        var page = request.execute(new ObjectList(
                request.vault(), ObjectKind.SECRET, ObjectAnswers.pageSize(request), ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(request, "/secrets", "", page, (json, view) -> item(json, request, view));
    }

    private static Response listDeleted(Request request) {
        var page = request.execute(new ObjectListDeleted(
                request.vault(), ObjectKind.SECRET, ObjectAnswers.pageSize(request), ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(request, "/deletedsecrets", "", page, (json, view) -> {
            item(json, request, view);
            ObjectAnswers.deletion(json, request, view);
        });
    }

    private static Response versions(Request request) {
        var id = id(request);
        var page = request.execute(
                new ObjectListVersions(id, ObjectAnswers.pageSize(request), ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request,
                "/secrets/" + id.name() + "/versions",
                "",
                page,
                (json, view) -> bundle(json, request, id, view.version()));
    }

    // What requests say.

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

    // What responses say.

    static void object(JsonGenerator json, Request request, ObjectId id, ObjectVersion version) throws IOException {
        json.writeStartObject();
        bundle(json, request, id, version);
        json.writeEndObject();
    }

    private static void bundle(JsonGenerator json, Request request, ObjectId id, ObjectVersion version)
            throws IOException {
        json.writeStringField("id", ObjectAnswers.url(request, id) + "/" + version.id());
        describe(json, request, version);
    }

    private static void item(JsonGenerator json, Request request, ObjectView view) throws IOException {
        json.writeStringField("id", ObjectAnswers.url(request, view.id()));
        describe(json, request, view.state().current());
    }

    private static void describe(JsonGenerator json, Request request, ObjectVersion version) throws IOException {
        String contentType = SecretAttributes.of(version).contentType();
        if (!contentType.isEmpty()) {
            json.writeStringField("contentType", contentType);
        }
        Attributes.write(json, version, ObjectAnswers.settings(request));
        ObjectAnswers.tags(json, version.attributes().tags());
    }

    private static void deleted(JsonGenerator json, Request request, ObjectView view) throws IOException {
        json.writeStartObject();
        bundle(json, request, view.id(), view.state().current());
        ObjectAnswers.deletion(json, request, view);
        json.writeEndObject();
    }
}
