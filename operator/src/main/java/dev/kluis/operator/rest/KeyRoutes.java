package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

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
import java.util.ArrayList;
import java.util.List;

/** Keys, as Key Vault's REST API has them; what is computed with them is in {@link KeyUseRoutes}. */
public final class KeyRoutes {

    private KeyRoutes() {}

    public static List<Route> routes() {
        var routes = new ArrayList<>(ObjectRoutes.of(KeyAnswers.FORM));
        routes.addAll(List.of(
                inVault(Method.POST, "keys/{name}/create", KeyRoutes::create),
                inVault(Method.PUT, "keys/{name}", KeyRoutes::bring),
                inVault(Method.GET, "keys/{name}/{version?}", KeyRoutes::get).computing(),
                inVault(Method.PATCH, "keys/{name}/{version?}", KeyRoutes::update),
                inVault(Method.POST, "keys/{name}/rotate", KeyRoutes::rotate),
                inVault(Method.GET, "keys/{name}/rotationpolicy", KeyRoutes::policy)
                        .computing(),
                inVault(Method.PUT, "keys/{name}/rotationpolicy", KeyRoutes::setPolicy),
                inVault(Method.POST, "rng", KeyRoutes::random).computing()));
        return List.copyOf(routes);
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
