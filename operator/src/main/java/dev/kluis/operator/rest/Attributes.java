package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.vault.RecoveryLevel;
import dev.kluis.vault.VaultSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Key Vault's attributes, tags and times of an object, in JSON. Times are whole seconds since 1970. */
final class Attributes {

    /** The year 9999. */
    private static final long MAX_TIME = 253_402_300_799L;

    private Attributes() {}

    /** What of {@code attributes} a client may say; what else is in it is not looked at, as Key Vault does. */
    record Given(Optional<Boolean> enabled, Optional<Instant> notBefore, Optional<Instant> expires) {
        static final Given NOTHING = new Given(Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Given read(JsonNode attributes) {
        if (attributes.isNull()) {
            return Given.NOTHING;
        }
        if (!attributes.isObject()) {
            throw RestException.badParameter("'attributes' is not an object");
        }
        return new Given(flag(attributes, "enabled"), time(attributes, "nbf"), time(attributes, "exp"));
    }

    private static Optional<Boolean> flag(JsonNode object, String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isBoolean()) {
            throw RestException.badParameter("'" + name + "' is not true or false");
        }
        return Optional.of(node.booleanValue());
    }

    private static Optional<Instant> time(JsonNode object, String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < 0
                || node.longValue() > MAX_TIME) {
            throw RestException.badParameter("'" + name + "' is not a time in seconds since 1970");
        }
        return Optional.of(Instant.ofEpochSecond(node.longValue()));
    }

    static Optional<String> text(JsonNode node, String name) {
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw RestException.badParameter("'" + name + "' is not a string");
        }
        return Optional.of(node.textValue());
    }

    static Optional<Map<String, String>> tags(JsonNode node) {
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isObject()) {
            throw RestException.badParameter("'tags' is not an object");
        }
        var tags = new HashMap<String, String>();
        node.properties()
                .forEach(tag -> tags.put(
                        tag.getKey(),
                        text(tag.getValue(), "a tag")
                                .orElseThrow(() -> RestException.badParameter("a tag's value is null"))));
        return Optional.of(tags);
    }

    static void write(
            JsonGenerator json,
            boolean enabled,
            Optional<Instant> notBefore,
            Optional<Instant> expires,
            Instant created,
            Instant updated,
            VaultSettings settings)
            throws IOException {
        json.writeObjectFieldStart("attributes");
        json.writeBooleanField("enabled", enabled);
        time(json, "nbf", notBefore);
        time(json, "exp", expires);
        time(json, "created", Optional.of(created));
        time(json, "updated", Optional.of(updated));
        json.writeStringField("recoveryLevel", RecoveryLevel.of(settings).toString());
        json.writeNumberField("recoverableDays", settings.retentionDays());
        json.writeEndObject();
    }

    static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            json.writeNumberField(name, time.get().getEpochSecond());
        }
    }
}
