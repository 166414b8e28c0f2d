package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.object.ObjectLists.Page;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the routes of secrets and keys say and ask alike. */
final class ObjectAnswers {

    private static final int PAGE = 25;
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{32}");

    private ObjectAnswers() {}

    // What requests say.

    /** The object that the path names. */
    static ObjectId id(Request request, ObjectKind kind) {
        return new ObjectId(request.vault(), kind, request.parameter("name"));
    }

    /** The version that the path names; left out or empty it is the current one. */
    static Optional<String> version(Request request) {
        return request.optionalParameter("version").map(version -> {
            if (!VERSION.matcher(version).matches()) {
                throw RestException.badParameter("a version is 32 lower-case hex characters");
            }
            return version;
        });
    }

    static int pageSize(Request request) {
        int size = request.queryNumber("maxresults").orElse(PAGE);
        if (size < 1 || size > PAGE) {
            throw RestException.badParameter("'maxresults' is 1 to " + PAGE);
        }
        return size;
    }

    static Optional<String> pageToken(Request request) {
        return request.query("$skiptoken");
    }

    // What responses say.

    /** {@code https://host/keys/name}, the collection of objects in use. */
    static String url(Request request, ObjectId id) {
        return request.base() + "/" + id.kind().collection() + "/" + id.name();
    }

    /** {@code https://host/keys/name/version}. */
    static String url(Request request, ObjectId id, String version) {
        return url(request, id) + "/" + version;
    }

    /** A version, without its value. */
    static Response bundle(ObjectForm form, Request request, VersionView view) {
        return Response.json(json -> {
            json.writeStartObject();
            form.bundle(json, request, view);
            json.writeEndObject();
        });
    }

    static VaultSettings settings(Request request) {
        return request.vaults()
                .settings(request.vault())
                .orElseThrow(() -> new VaultException(Code.NOT_FOUND, "there is no vault " + request.vault()));
    }

    static void tags(JsonGenerator json, Map<String, String> tags) throws IOException {
        json.writeObjectFieldStart("tags");
        for (var tag : tags.entrySet()) {
            json.writeStringField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
    }

    /** When it was deleted and is purged, and by what address it is recovered. */
    static void deletion(JsonGenerator json, Request request, ObjectView view) throws IOException {
        json.writeStringField(
                "recoveryId",
                request.base() + "/deleted" + view.id().kind().collection() + "/"
                        + view.id().name());
        if (view.state().lifecycle() instanceof Lifecycle.Deleted(var deleted, var purge)) {
            Attributes.time(json, "deletedDate", Optional.of(deleted));
            Attributes.time(json, "scheduledPurgeDate", Optional.of(purge));
        }
    }

    /** Writes one entry of a page, as an object of its own. */
    @FunctionalInterface
    interface Entry<T> {
        void write(JsonGenerator json, T entry) throws IOException;
    }

    /**
     * A page with the address of the one that follows.
     *
     * @param path below the vault
     * @param query what the address repeats besides, such as {@code kty=all&}; or empty
     */
    static <T> Response page(Request request, String path, String query, Page<T> page, Entry<T> entry) {
        var version = request.query("api-version")
                .map(text -> "api-version=" + text + "&")
                .orElse("");
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("value");
            for (var one : page.entries()) {
                json.writeStartObject();
                entry.write(json, one);
                json.writeEndObject();
            }
            json.writeEndArray();
            if (page.next().isPresent()) {
                json.writeStringField(
                        "nextLink",
                        request.base() + path + "?" + version + query + "$skiptoken="
                                + page.next().get() + "&maxresults=" + pageSize(request));
            } else {
                json.writeNullField("nextLink");
            }
            json.writeEndObject();
        });
    }
}
