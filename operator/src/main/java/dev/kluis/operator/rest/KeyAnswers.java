package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import dev.kluis.vault.object.VersionView;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** Keys in responses. */
final class KeyAnswers implements ObjectForm {

    static final ObjectForm FORM = new KeyAnswers();

    /** In the query of lists: {@code all} shows types too that clients of Key Vault's stable versions do not know. */
    private static final String TYPES = "kty";

    private static final String ALL = "all";

    private KeyAnswers() {}

    static Response bundle(Request request, VersionView view) {
        return ObjectAnswers.bundle(FORM, request, view);
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.KEY;
    }

    @Override
    public void bundle(JsonGenerator json, Request request, VersionView view) throws IOException {
        var detail = view.key();
        json.writeObjectFieldStart("key");
        json.writeStringField(
                "kid", ObjectAnswers.url(request, view.id(), view.version().id()));
        jwk(json, detail);
        json.writeEndObject();
        describe(json, request, view);
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

    @Override
    public void entry(JsonGenerator json, Request request, String url, VersionView view) throws IOException {
        json.writeStringField("kid", url);
        describe(json, request, view);
    }

    @Override
    public Predicate<ObjectState> shown(Request request) {
        return all(request) ? any -> true : KeyAnswers::knownToAll;
    }

    @Override
    public String repeated(Request request) {
        return all(request) ? TYPES + "=" + ALL + "&" : "";
    }

    private static boolean all(Request request) {
        return request.query(TYPES).filter(ALL::equals).isPresent();
    }

    /** Whether the clients of every version know what to do with it. */
    private static boolean knownToAll(ObjectState key) {
        return switch (KeyDetail.of(key.current()).spec()) {
            case KeySpec.Rsa _, KeySpec.Ec _, KeySpec.Oct _ -> true;
            case KeySpec.Okp _, KeySpec.Akp _ -> false;
        };
    }

    private static void describe(JsonGenerator json, Request request, VersionView view) throws IOException {
        Attributes.write(json, view.version(), ObjectAnswers.settings(request));
        ObjectAnswers.tags(json, view.version().attributes().tags());
        if (view.managed()) {
            json.writeBooleanField("managed", true);
        }
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
