package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.Shamir;
import dev.kluis.operator.identity.ClusterRights;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.vault.seal.Ceremony;
import dev.kluis.vault.seal.RootRotation;
import dev.kluis.vault.seal.ShamirSeal;
import dev.kluis.vault.seal.ShareSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seal, answered while Kluis is sealed too. Any token may look. The cluster's RBAC says who may do more, by verbs on
 * {@code seals.kluis.dev} in the operator's namespace: {@code update} submits shares, {@code create} deals a root.
 */
public final class SealRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(SealRoutes.class);
    private static final String RESOURCE = "seals";
    private static final int MAX_TEXT = 1024;

    private final String kind;
    private final Optional<ShamirSeal> officers;
    private final Supplier<Optional<RootRotation.Progress>> rotation;
    private final ClusterRights rights;

    /** @param officers where the seal is theirs */
    public SealRoutes(
            String kind,
            Optional<ShamirSeal> officers,
            Supplier<Optional<RootRotation.Progress>> rotation,
            ClusterRights rights) {
        this.kind = kind;
        this.officers = officers;
        this.rotation = rotation;
        this.rights = rights;
    }

    public List<Route> routes() {
        return List.of(
                Route.ofServer(Method.GET, "seal", request -> view()).needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/init", request -> deal(request, "init"))
                        .needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/resplit", request -> deal(request, "resplit"))
                        .needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/submit", this::submit).needing(Needs.TOKEN));
    }

    private Response view() {
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("kind", kind);
            if (officers.isPresent()) {
                var view = officers.get().view();
                json.writeStringField("phase", view.phase().name().toLowerCase(Locale.ROOT));
                if (view.set().isPresent()) {
                    write(json, view.set().get());
                }
                if (view.ceremony().isPresent()) {
                    write(json, view.ceremony().get());
                }
            }
            var progress = rotation.get();
            if (progress.isPresent()) {
                json.writeObjectFieldStart("rotation");
                json.writeBooleanField("rotating", progress.get().rotating());
                json.writeNumberField("done", progress.get().done());
                json.writeNumberField("total", progress.get().total());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ShareSet set) throws IOException {
        json.writeObjectFieldStart("set");
        json.writeStringField("id", set.id());
        json.writeNumberField("root", set.generation());
        json.writeNumberField("threshold", set.threshold());
        json.writeStringField("created", set.created().toString());
        json.writeArrayFieldStart("officers");
        for (var officer : set.officers()) {
            json.writeString(officer.key().id());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Ceremony.Progress ceremony) throws IOException {
        json.writeObjectFieldStart("ceremony");
        json.writeStringField("set", ceremony.set());
        json.writeStringField("recipient", ceremony.key().text());
        json.writeNumberField("threshold", ceremony.threshold());
        json.writeNumberField("officers", ceremony.officers());
        json.writeArrayFieldStart("submitted");
        for (int index : ceremony.submitted()) {
            json.writeNumber(index);
        }
        json.writeEndArray();
        if (ceremony.ends().isPresent()) {
            json.writeStringField("ends", ceremony.ends().get().toString());
        }
        json.writeEndObject();
    }

    private Response deal(Request request, String what) {
        var seal = allowed(request, "create");
        var dealing = new Dealing();
        Json.read(request.body(), dealing::read);
        var keys = dealing.officers.stream().map(SealRoutes::key).toList();
        var files = what.equals("init") ? seal.init(dealing.threshold, keys) : seal.resplit(dealing.threshold, keys);
        LOG.warn("{} dealt a root key to {} officers by {}", request.caller().name(), keys.size(), what);
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("shares");
            for (int i = 0; i < files.size(); i++) {
                json.writeStartObject();
                json.writeNumberField("index", i + 1);
                json.writeStringField("officer", keys.get(i).id());
                json.writeStringField("share", files.get(i));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What is read of a body. */
    private static final class Dealing {
        private int threshold;
        private List<String> officers = List.of();

        void read(String name, JsonParser value) throws IOException {
            var tree = Json.tree(value);
            switch (name) {
                case "threshold" -> threshold = tree.isInt() ? tree.intValue() : 0;
                case "officers" -> officers = texts(tree);
                default -> throw RestException.badParameter("the body has threshold and officers only");
            }
        }

        private static List<String> texts(JsonNode tree) {
            var texts = new ArrayList<String>();
            tree.forEach(one -> texts.add(one.asText()));
            if (!tree.isArray() || texts.size() > Shamir.MAX_SHARES) {
                throw RestException.badParameter("officers is a list of at most " + Shamir.MAX_SHARES);
            }
            return texts;
        }
    }

    private static RecipientKey key(String text) {
        try {
            return RecipientKey.parse(text);
        } catch (SealedBytesException e) {
            throw RestException.badParameter("an officer's key is kluis-recipient1:...: " + e.getMessage());
        }
    }

    private Response submit(Request request) {
        var seal = allowed(request, "update");
        var submission = new @Nullable String[1];
        Json.read(request.body(), (name, value) -> {
            if (!name.equals("submission")) {
                throw RestException.badParameter("the body has submission only");
            }
            submission[0] = value.getText();
        });
        String text = submission[0];
        if (text == null || text.length() > MAX_TEXT) {
            throw RestException.badParameter("submission is kluis-submission1:...");
        }
        seal.submit(text);
        LOG.info("{} submitted a share", request.caller().name());
        return view();
    }

    private ShamirSeal allowed(Request request, String verb) {
        if (!rights.allows(request.caller(), verb, RESOURCE)) {
            throw new RestException(
                    403,
                    "Forbidden",
                    "ForbiddenByRbac",
                    request.caller().name() + " may not " + verb
                            + " seals.kluis.dev in Kluis's namespace: a RoleBinding"
                            + " to the ClusterRole kluis-officer or kluis-seal-dealer there allows it");
        }
        return officers.orElseThrow(() -> new RestException(
                409, "Conflict", "", "the seal is of kind " + kind + ", which has no officers and no shares"));
    }
}
