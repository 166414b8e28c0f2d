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
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.AuditTarget.TokenClient;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.audit.AuditSearch;
import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.audit.SealTrail.Done;
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
 * {@code seals.kluis.dev} in the operator's namespace: {@code update} submits shares, {@code create} deals a root, and {@code get}
 * sees in the audit who did.
 */
public final class SealRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(SealRoutes.class);
    private static final String RESOURCE = "seals";
    private static final int MAX_TEXT = 1024;

    private final String kind;
    private final Optional<ShamirSeal> officers;
    private final Supplier<Optional<RootRotation.Progress>> rotation;
    private final ClusterRights rights;
    private final SealTrail trail;

    /** @param officers where the seal is theirs */
    public SealRoutes(
            String kind,
            Optional<ShamirSeal> officers,
            Supplier<Optional<RootRotation.Progress>> rotation,
            ClusterRights rights,
            SealTrail trail) {
        this.kind = kind;
        this.officers = officers;
        this.rotation = rotation;
        this.rights = rights;
        this.trail = trail;
    }

    public List<Route> routes() {
        return List.of(
                Route.ofServer(Method.GET, "seal", request -> view()).needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/init", request -> deal(request, "SealInit"))
                        .needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/resplit", request -> deal(request, "SealResplit"))
                        .needing(Needs.TOKEN),
                Route.ofServer(Method.POST, "seal/submit", this::submit).needing(Needs.TOKEN));
    }

    /**
     * Past operations on the seal, and on access tokens, which no vault has: for whoever may {@code get} the seal; answered
     * while Kluis is sealed too.
     */
    public List<Route> audit(AuditSearch search) {
        return List.of(
                audit("seal/audit", "the audit of the seal", Installation.SEAL_ID, search),
                audit("tokens/audit", "the audit of tokens", TokenClient.TOKENS_ID, search));
    }

    private Route audit(String path, String what, String resource, AuditSearch search) {
        return Route.ofServer(Method.GET, path, request -> {
                    trail.tell(
                            request.caller(), request.asked(), "AuditRead", what, () -> requireAllowed(request, "get"));
                    return AuditRoutes.answer(request, resource, search);
                })
                .needing(Needs.TOKEN);
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

    /** Shares are in the answer and nowhere else: not in the log, and not in the audit. */
    private Response deal(Request request, String operation) {
        var dealt = change(request, operation, "create", () -> {
            var seal = ofOfficers();
            var dealing = new Dealing();
            Json.read(request.body(), dealing::read);
            var keys = dealing.officers.stream().map(SealRoutes::key).toList();
            var files = operation.equals("SealInit")
                    ? seal.init(dealing.threshold, keys)
                    : seal.resplit(dealing.threshold, keys);
            return new Done<>(
                    new Dealt(keys, files),
                    "a root was dealt to " + keys.size() + " officers, of whom " + dealing.threshold + " suffice");
        });
        LOG.warn(
                "{} dealt a root key to {} officers by {}",
                request.caller().name(),
                dealt.keys().size(),
                operation);
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("shares");
            for (int i = 0; i < dealt.files().size(); i++) {
                json.writeStartObject();
                json.writeNumberField("index", i + 1);
                json.writeStringField("officer", dealt.keys().get(i).id());
                json.writeStringField("share", dealt.files().get(i));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private record Dealt(List<RecipientKey> keys, List<String> files) {}

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
        change(request, "SealSubmit", "update", () -> {
            var seal = ofOfficers();
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
            var view = seal.submit(text);
            return new Done<>(view, progress(view));
        });
        LOG.info("{} submitted a share", request.caller().name());
        return view();
    }

    private static String progress(ShamirSeal.View view) {
        return view.ceremony()
                .map(ceremony -> "of set " + ceremony.set() + " the shares " + ceremony.submitted() + " are there, "
                        + ceremony.threshold() + " suffice")
                .orElse("enough shares are there: their root is in force");
    }

    /** What is refused is refused in the words of the door, which the audit tells and the API answers alike. */
    private <R> R change(Request request, String operation, String verb, Supplier<Done<R>> work) {
        return trail.change(request.caller(), request.asked(), operation, () -> requireAllowed(request, verb), () -> {
            try {
                return work.get();
            } catch (RestException e) {
                throw new VaultException(Code.BAD_PARAMETER, String.valueOf(e.getMessage()));
            }
        });
    }

    private void requireAllowed(Request request, String verb) {
        if (!rights.allows(request.caller(), verb, RESOURCE)) {
            throw new VaultException(
                    Code.FORBIDDEN,
                    request.caller().name() + " may not " + verb
                            + " seals.kluis.dev in Kluis's namespace: a RoleBinding"
                            + " to the ClusterRole kluis-officer or kluis-seal-dealer there allows it");
        }
    }

    private ShamirSeal ofOfficers() {
        return officers.orElseThrow(() -> new VaultException(
                Code.CONFLICT, "the seal is of kind " + kind + ", which has no officers and no shares"));
    }
}
