package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.vault.RecoveryLevel;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Key Vault's attributes, tags and times of an object, in JSON. Times are whole seconds since 1970. */
final class Attributes {

    /** The year 9999. */
    private static final long MAX_TIME = 253_402_300_799L;

    /** {@code hsmPlatform} of keys that no hardware module holds. */
    private static final String SOFTWARE = "0";

    private Attributes() {}

    /** What of {@code attributes} a client may say; what else is in it is not looked at, as Key Vault does. */
    record Given(
            Optional<Boolean> enabled,
            Optional<Instant> notBefore,
            Optional<Instant> expires,
            Optional<Boolean> exportable) {

        static final Given NOTHING = new Given(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        AttributesPatch patch(Optional<Map<String, String>> tags) {
            return new AttributesPatch(enabled, notBefore, expires, tags);
        }
    }

    static Given read(JsonNode attributes) {
        if (attributes.isNull()) {
            return Given.NOTHING;
        }
        if (!attributes.isObject()) {
            throw RestException.badParameter("'attributes' is not an object");
        }
        return new Given(
                flag(attributes, "enabled"),
                time(attributes, "nbf"),
                time(attributes, "exp"),
                flag(attributes, "exportable"));
    }

    static Optional<Boolean> flag(JsonNode object, String name) {
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

    static void write(JsonGenerator json, ObjectVersion version, VaultSettings settings) throws IOException {
        var attributes = version.attributes();
        json.writeObjectFieldStart("attributes");
        json.writeBooleanField("enabled", attributes.enabled());
        time(json, "nbf", attributes.notBefore());
        time(json, "exp", attributes.expires());
        time(json, "created", Optional.of(version.created()));
        time(json, "updated", Optional.of(version.updated()));
        json.writeStringField("recoveryLevel", RecoveryLevel.of(settings).toString());
        json.writeNumberField("recoverableDays", settings.retentionDays());
        if (version.detail() instanceof KeyDetail key) {
            json.writeBooleanField("exportable", key.exportable());
            json.writeStringField("hsmPlatform", SOFTWARE);
        }
        json.writeEndObject();
    }

    static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            json.writeNumberField(name, time.get().getEpochSecond());
        }
    }
}
