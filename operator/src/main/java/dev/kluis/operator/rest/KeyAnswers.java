package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import dev.kluis.vault.object.VersionView;
import java.io.IOException;
import java.util.Optional;

/** Keys in responses. */
final class KeyAnswers {

    private KeyAnswers() {}

    static Response bundle(Request request, VersionView view) {
        return Response.json(json -> {
            json.writeStartObject();
            bundle(json, request, view);
            json.writeEndObject();
        });
    }

    /** The bundle of an object's current version. */
    static Response bundle(Request request, ObjectView view) {
        return bundle(request, current(view));
    }

    static Response deleted(Request request, ObjectView view) {
        return Response.json(json -> {
            json.writeStartObject();
            bundle(json, request, current(view));
            ObjectAnswers.deletion(json, request, view);
            json.writeEndObject();
        });
    }

    private static VersionView current(ObjectView view) {
        return new VersionView(view.id(), view.state().current(), view.state().managed());
    }

    private static void bundle(JsonGenerator json, Request request, VersionView view) throws IOException {
        var detail = view.key();
        json.writeObjectFieldStart("key");
        json.writeStringField("kid", kid(request, view.id(), view.version().id()));
        jwk(json, detail);
        json.writeEndObject();
        Attributes.write(json, view.version(), ObjectAnswers.settings(request));
        ObjectAnswers.tags(json, view.version().attributes().tags());
        managed(json, view.managed());
        if (detail.releasePolicy().isPresent()) {
            var policy = detail.releasePolicy().get();
            json.writeObjectFieldStart("release_policy");
            json.writeStringField("contentType", policy.contentType());
            Base64Url.write(json, "data", policy.data().getBytes(UTF_8));
            json.writeBooleanField("immutable", policy.immutable());
            json.writeEndObject();
        }
    }

    /** The public part; of a symmetric key its type alone. */
    private static void jwk(JsonGenerator json, KeyDetail detail) throws IOException {
        if (detail.publicKey().isEmpty()) {
            json.writeStringField("kty", detail.spec().kty());
        } else {
            for (var member : detail.publicKey().get().jwk().entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
        }
        json.writeArrayFieldStart("key_ops");
        for (KeyOperation operation : detail.operations()) {
            json.writeString(operation.jose());
        }
        json.writeEndArray();
    }

    /** A key in a list. */
    static void item(JsonGenerator json, Request request, ObjectView view) throws IOException {
        json.writeStringField("kid", ObjectAnswers.url(request, view.id()));
        describe(json, request, current(view));
    }

    /** A version in a list. */
    static void version(JsonGenerator json, Request request, VersionView view) throws IOException {
        json.writeStringField("kid", kid(request, view.id(), view.version().id()));
        describe(json, request, view);
    }

    private static void describe(JsonGenerator json, Request request, VersionView view) throws IOException {
        Attributes.write(json, view.version(), ObjectAnswers.settings(request));
        ObjectAnswers.tags(json, view.version().attributes().tags());
        managed(json, view.managed());
    }

    private static void managed(JsonGenerator json, boolean managed) throws IOException {
        if (managed) {
            json.writeBooleanField("managed", true);
        }
    }

    static String kid(Request request, ObjectId id, String version) {
        return ObjectAnswers.url(request, id) + "/" + version;
    }

    static Response policy(Request request, ObjectId id, RotationPolicy policy) {
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("id", ObjectAnswers.url(request, id) + "/rotationpolicy");
            json.writeArrayFieldStart("lifetimeActions");
            action(json, "Rotate", policy.rotate());
            action(json, "Notify", policy.notice());
            json.writeEndArray();
            json.writeObjectFieldStart("attributes");
            if (policy.expiryTime().isPresent()) {
                json.writeStringField("expiryTime", policy.expiryTime().get().text());
            } else {
                json.writeNullField("expiryTime");
            }
            Attributes.time(json, "created", Optional.of(policy.created()));
            Attributes.time(json, "updated", Optional.of(policy.updated()));
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void action(JsonGenerator json, String type, Optional<Trigger> trigger) throws IOException {
        if (trigger.isEmpty()) {
            return;
        }
        json.writeStartObject();
        json.writeObjectFieldStart("trigger");
        switch (trigger.get()) {
            case AfterCreation(CalendarPeriod period) -> json.writeStringField("timeAfterCreate", period.text());
            case BeforeExpiry(CalendarPeriod period) -> json.writeStringField("timeBeforeExpiry", period.text());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("action");
        json.writeStringField("type", type);
        json.writeEndObject();
        json.writeEndObject();
    }
}
