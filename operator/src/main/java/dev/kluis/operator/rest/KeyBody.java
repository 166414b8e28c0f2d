package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.key.BroughtJwk;
import dev.kluis.vault.key.KeyRotationPolicySet.LifetimeAction;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.ReleasePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a body that makes, brings or changes a key; others are not looked at, since a newer client may say more
 * than is known here.
 */
final class KeyBody implements AutoCloseable {

    private static final int MAX_OPERATIONS = 16;
    private static final int MAX_ACTIONS = 8;

    private Optional<String> kty = Optional.empty();
    private Optional<Integer> size = Optional.empty();
    private Optional<Long> exponent = Optional.empty();
    private Optional<String> curve = Optional.empty();
    private Optional<String> algorithm = Optional.empty();
    private boolean hsm;
    private Optional<BroughtJwk> jwk = Optional.empty();

    Attributes.Given attributes = Attributes.Given.NOTHING;
    Optional<List<String>> operations = Optional.empty();
    Optional<Map<String, String>> tags = Optional.empty();
    Optional<ReleasePolicy> releasePolicy = Optional.empty();

    static KeyBody of(Request request) {
        var body = new KeyBody();
        try {
            Json.read(request.body(), body::read);
            return body;
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
    }

    @Override
    public void close() {
        jwk.ifPresent(BroughtJwk::close);
    }

    private void read(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "kty" -> kty = text(parser, name);
            case "key_size" -> size = number(parser, name).map(Math::toIntExact);
            // Azure's client for Java sends 0 where its caller said nothing.
            case "public_exponent" -> exponent = number(parser, name).filter(said -> said != 0);
            case "crv" -> curve = text(parser, name);
            case "alg" -> algorithm = text(parser, name);
            case "key_ops" -> operations = operations(Json.tree(parser));
            case "attributes" -> attributes = Attributes.read(Json.tree(parser));
            case "tags" -> tags = Attributes.tags(Json.tree(parser));
            case "release_policy" -> releasePolicy = releasePolicy(Json.tree(parser));
            case "Hsm", "hsm" -> hsm = flag(Json.tree(parser), name);
            case "key" -> readKey(parser);
            default -> {}
        }
    }

    private void readKey(JsonParser parser) throws IOException {
        close();
        try {
            var read = BroughtJwk.read(parser);
            jwk = Optional.of(read);
            kty = read.kty().or(() -> kty);
            curve = read.curve().or(() -> curve);
            algorithm = read.algorithm().or(() -> algorithm);
            operations = read.operations().or(() -> operations);
        } catch (VaultException e) {
            throw RestException.badParameter(String.valueOf(e.getMessage()));
        }
    }

    WantedKey wanted() {
        String type = kty.orElseThrow(() -> RestException.badParameter("'kty' is missing"));
        return new WantedKey(type, size, exponent, type.startsWith("AKP") ? algorithm : curve);
    }

    /** The key that is brought; its bytes belong to the result. */
    JwkMembers brought() {
        return bringing().orElseThrow(() -> RestException.badParameter("'key' is missing"));
    }

    /** As {@link #brought}; absent where none is. */
    Optional<JwkMembers> bringing() {
        if (hsm && jwk.isPresent()) {
            throw RestException.badParameter(BroughtJwk.NO_MODULE);
        }
        try {
            return jwk.map(BroughtJwk::members);
        } catch (VaultException e) {
            throw RestException.badParameter(String.valueOf(e.getMessage()));
        }
    }

    NewKey decided() {
        return new NewKey(
                operations,
                attributes.patch(tags).over(NewKey.USUAL.attributes()),
                attributes.exportable().orElse(false),
                releasePolicy);
    }

    // Rotation policies.

    /** What is said of one. */
    record Policy(Optional<String> expiryTime, List<LifetimeAction> actions) {

        static Policy of(Request request) {
            var read = new Object() {
                private Optional<String> expiryTime = Optional.empty();
                private List<LifetimeAction> actions = List.of();
            };
            Json.read(request.body(), (name, parser) -> {
                switch (name) {
                    case "attributes" -> read.expiryTime = member(object(Json.tree(parser), name), "expiryTime");
                    case "lifetimeActions" -> read.actions = KeyBody.actions(Json.tree(parser));
                    default -> {}
                }
            });
            return new Policy(read.expiryTime, read.actions);
        }
    }

    private static List<LifetimeAction> actions(JsonNode array) {
        if (array.isNull()) {
            return List.of();
        }
        if (!array.isArray() || array.size() > MAX_ACTIONS) {
            throw RestException.badParameter("'lifetimeActions' is not an array of at most " + MAX_ACTIONS);
        }
        var actions = new ArrayList<LifetimeAction>();
        for (var one : array) {
            var action = object(one, "lifetimeActions");
            var trigger = object(action.path("trigger"), "trigger");
            actions.add(new LifetimeAction(
                    member(object(action.path("action"), "action"), "type")
                            .orElseThrow(() -> RestException.badParameter("'type' is missing")),
                    member(trigger, "timeAfterCreate"),
                    member(trigger, "timeBeforeExpiry")));
        }
        return actions;
    }

    private static JsonNode object(JsonNode node, String name) {
        if (!node.isObject()) {
            throw RestException.badParameter("'" + name + "' is not an object");
        }
        return node;
    }

    private static Optional<String> member(JsonNode object, String name) {
        var node = object.path(name);
        return node.isMissingNode() ? Optional.empty() : Attributes.text(node, name);
    }

    // Members of several bodies.

    static Optional<String> text(JsonParser parser, String name) throws IOException {
        return Attributes.text(Json.tree(parser), name);
    }

    private static boolean flag(JsonNode node, String name) {
        if (node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw RestException.badParameter("'" + name + "' is not true or false");
        }
        return node.booleanValue();
    }

    static Optional<Long> number(JsonParser parser, String name) throws IOException {
        var node = Json.tree(parser);
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw RestException.badParameter("'" + name + "' is not a whole number, or too large");
        }
        return Optional.of(node.longValue());
    }

    private static Optional<List<String>> operations(JsonNode array) {
        if (array.isNull()) {
            return Optional.empty();
        }
        if (!array.isArray() || array.size() > MAX_OPERATIONS) {
            throw RestException.badParameter("'key_ops' is not an array of at most " + MAX_OPERATIONS);
        }
        var operations = new ArrayList<String>();
        for (var one : array) {
            operations.add(Attributes.text(one, "key_ops")
                    .orElseThrow(() -> RestException.badParameter("one of 'key_ops' is null")));
        }
        return Optional.of(operations);
    }

    private static Optional<ReleasePolicy> releasePolicy(JsonNode node) {
        if (node.isNull()) {
            return Optional.empty();
        }
        object(node, "release_policy");
        byte[] data = member(node, "data")
                .map(text -> Base64Url.decode(text.getBytes(StandardCharsets.UTF_8), "release_policy.data"))
                .orElseThrow(() -> RestException.badParameter("'release_policy.data' is missing"));
        try {
            String policy = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            return Optional.of(new ReleasePolicy(
                    member(node, "contentType").orElse(ReleasePolicy.CONTENT_TYPE),
                    policy,
                    Attributes.flag(node, "immutable").orElse(false)));
        } catch (CharacterCodingException e) {
            throw RestException.badParameter("'release_policy.data' is not UTF-8");
        }
    }
}
