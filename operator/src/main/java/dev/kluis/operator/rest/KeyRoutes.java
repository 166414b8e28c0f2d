package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import dev.kluis.crypto.key.KeySpec;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyGet;
import dev.kluis.vault.key.KeyImport;
import dev.kluis.vault.key.KeyRotate;
import dev.kluis.vault.key.KeyRotationPolicyGet;
import dev.kluis.vault.key.KeyRotationPolicySet;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.RandomBytesGet;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetDeleted;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectState;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Keys, as Key Vault's REST API has them; what is computed with them is in {@link KeyUseRoutes}. */
public final class KeyRoutes {

    /** In the query of lists: {@code all} shows types too that clients of Key Vault's stable versions do not know. */
    private static final String TYPES = "kty";

    private static final String ALL = "all";

    private KeyRoutes() {}

    public static List<Route> routes() {
        return List.of(
                inVault(Method.POST, "keys/{name}/create", KeyRoutes::create),
                inVault(Method.PUT, "keys/{name}", KeyRoutes::bring),
                inVault(Method.GET, "keys/{name}/{version?}", KeyRoutes::get),
                inVault(Method.PATCH, "keys/{name}/{version?}", KeyRoutes::update),
                inVault(Method.DELETE, "keys/{name}", KeyRoutes::delete),
                inVault(Method.GET, "keys", KeyRoutes::list),
                inVault(Method.GET, "keys/{name}/versions", KeyRoutes::versions),
                inVault(Method.POST, "keys/{name}/rotate", KeyRoutes::rotate),
                inVault(Method.GET, "keys/{name}/rotationpolicy", KeyRoutes::policy),
                inVault(Method.PUT, "keys/{name}/rotationpolicy", KeyRoutes::setPolicy),
                inVault(Method.GET, "deletedkeys", KeyRoutes::listDeleted),
                inVault(Method.GET, "deletedkeys/{name}", KeyRoutes::getDeleted),
                inVault(Method.POST, "deletedkeys/{name}/recover", KeyRoutes::recover),
                inVault(Method.DELETE, "deletedkeys/{name}", KeyRoutes::purge),
                inVault(Method.POST, "rng", KeyRoutes::random));
    }

    private static ObjectId id(Request request) {
        return ObjectAnswers.id(request, ObjectKind.KEY);
    }

    private static Response create(Request request) {
        try (var body = KeyBody.of(request)) {
            var created = request.execute(new KeyCreate(id(request), body.wanted(), body.decided()));
            return KeyAnswers.bundle(request, created);
        }
    }

    private static Response bring(Request request) {
        try (var body = KeyBody.of(request)) {
            var brought = request.execute(new KeyImport(id(request), body.brought(), body.decided()));
            return KeyAnswers.bundle(request, brought);
        }
    }

    private static Response get(Request request) {
        return KeyAnswers.bundle(request, request.execute(new KeyGet(id(request), ObjectAnswers.version(request))));
    }

    private static Response update(Request request) {
        try (var body = KeyBody.of(request)) {
            var updated = request.execute(new KeyUpdate(
                    id(request),
                    ObjectAnswers.version(request),
                    body.attributes.patch(body.tags),
                    body.operations,
                    body.releasePolicy));
            return KeyAnswers.bundle(request, updated);
        }
    }

    private static Response rotate(Request request) {
        return KeyAnswers.bundle(request, request.execute(new KeyRotate(id(request))));
    }

    private static Response policy(Request request) {
        var id = id(request);
        return KeyAnswers.policy(request, id, request.execute(new KeyRotationPolicyGet(id)));
    }

    private static Response setPolicy(Request request) {
        var id = id(request);
        var said = KeyBody.Policy.of(request);
        return KeyAnswers.policy(
                request, id, request.execute(new KeyRotationPolicySet(id, said.expiryTime(), said.actions())));
    }

    private static Response delete(Request request) {
        return KeyAnswers.deleted(request, request.execute(new ObjectDelete(id(request))));
    }

    private static Response getDeleted(Request request) {
        return KeyAnswers.deleted(request, request.execute(new ObjectGetDeleted(id(request))));
    }

    private static Response recover(Request request) {
        return KeyAnswers.bundle(request, request.execute(new ObjectRecover(id(request), Optional.empty())));
    }

    private static Response purge(Request request) {
        request.execute(new ObjectPurge(id(request)));
        return Response.noContent();
    }

    private static Response list(Request request) {
        var page = request.execute(new ObjectList(
                request.vault(),
                ObjectKind.KEY,
                shown(request),
                ObjectAnswers.pageSize(request),
                ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request, "/keys", repeated(request), page, (json, view) -> KeyAnswers.item(json, request, view));
    }

    private static Response listDeleted(Request request) {
        var page = request.execute(new ObjectListDeleted(
                request.vault(),
                ObjectKind.KEY,
                shown(request),
                ObjectAnswers.pageSize(request),
                ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(request, "/deletedkeys", repeated(request), page, (json, view) -> {
            KeyAnswers.item(json, request, view);
            ObjectAnswers.deletion(json, request, view);
        });
    }

    private static Predicate<ObjectState> shown(Request request) {
        return all(request) ? any -> true : KeyRoutes::knownToAll;
    }

    private static boolean all(Request request) {
        return request.query(TYPES).filter(ALL::equals).isPresent();
    }

    private static String repeated(Request request) {
        return all(request) ? TYPES + "=" + ALL + "&" : "";
    }

    /** Whether the clients of every version know what to do with it. */
    private static boolean knownToAll(ObjectState key) {
        return switch (KeyDetail.of(key.current()).spec()) {
            case KeySpec.Rsa _, KeySpec.Ec _, KeySpec.Oct _ -> true;
            case KeySpec.Okp _, KeySpec.Akp _ -> false;
        };
    }

    private static Response versions(Request request) {
        var id = id(request);
        var page = request.execute(
                new ObjectListVersions(id, ObjectAnswers.pageSize(request), ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request,
                "/keys/" + id.name() + "/versions",
                "",
                page,
                (json, view) -> KeyAnswers.version(json, request, view));
    }

    private static Response random(Request request) {
        var count = new int[] {0};
        Json.read(request.body(), (name, parser) -> {
            if (name.equals("count")) {
                count[0] = KeyBody.number(parser, name).map(Math::toIntExact).orElse(0);
            }
        });
        try (var drawn = request.execute(new RandomBytesGet(request.vault(), count[0]))) {
            return Response.json(json -> {
                json.writeStartObject();
                Base64Url.write(json, "value", drawn);
                json.writeEndObject();
            });
        }
    }
}
