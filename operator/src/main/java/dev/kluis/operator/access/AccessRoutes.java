package dev.kluis.operator.access;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kluis.operator.rest.Json;
import dev.kluis.operator.rest.Request;
import dev.kluis.operator.rest.Response;
import dev.kluis.operator.rest.RestException;
import dev.kluis.operator.rest.Route;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.access.AccessQuestions;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.access.UnusedAccess;
import dev.kluis.vault.access.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Questions about access, docs/reference/roles.md. Questions that name people have bodies, so that no log of paths has them. */
public final class AccessRoutes {

    /** What the audit of a busy month comes down to, each use once. */
    private static final int USES_BODY = 8 * 1024 * 1024;

    private static final int USES = 100_000;
    private static final int GROUPS = 256;
    private static final int TEXT = 1024;

    private final AccessQuestions questions;

    private AccessRoutes(AccessQuestions questions) {
        this.questions = questions;
    }

    public static List<Route> routes(AccessQuestions questions) {
        var routes = new AccessRoutes(questions);
        return List.of(
                inVault(Method.POST, "access/why", routes::why),
                inVault(Method.POST, "access/whocan", routes::whoCan),
                inVault(Method.POST, "access/unused", routes::unused)
                        .withBodyOf(USES_BODY)
                        .after(request -> questions.requireMayAsk(request.caller(), request.vault())),
                inVault(Method.GET, "access/report", routes::report));
    }

    private Response why(Request request) {
        var body = body(request);
        var who = Optional.ofNullable(body.get("subject"))
                .map(AccessRoutes::caller)
                .orElseGet(request::caller);
        var why = questions.why(request.caller(), who, action(body), object(request, body));
        return Response.json(json -> {
            json.writeStartObject();
            json.writeBooleanField("allowed", why.allowed());
            json.writeStringField("text", why.text());
            if (why.by().isPresent()) {
                json.writeObjectFieldStart("assignment");
                assignment(json, why.by().get());
                json.writeEndObject();
            }
            json.writeArrayFieldStart("nearest");
            for (var near : why.nearest()) {
                json.writeStartObject();
                assignment(json, near.assignment());
                json.writeArrayFieldStart("obstacles");
                for (var obstacle : near.obstacles()) {
                    json.writeString(obstacle.words());
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Response whoCan(Request request) {
        var body = body(request);
        var holders = questions.whoCan(request.caller(), action(body), object(request, body));
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("value");
            for (var holder : holders) {
                json.writeStartObject();
                json.writeStringField("kind", holder.subject().kind());
                if (holder.subject() instanceof Subject.ServiceAccount account) {
                    json.writeStringField("namespace", account.namespace());
                }
                json.writeStringField("subject", holder.subject().name());
                assignment(json, holder.assignment());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Response unused(Request request) {
        var uses = uses(body(request).path("uses"));
        var all = questions.unused(request.caller(), request.vault(), uses);
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("value");
            for (var one : all) {
                unused(json, one);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    static void unused(JsonGenerator json, UnusedAccess one) throws IOException {
        json.writeStartObject();
        assignment(json, one.assignment());
        actions(json, "actions", one.actions());
        json.writeArrayFieldStart("subjects");
        for (var subject : one.subjects()) {
            json.writeString(subject.toString());
        }
        json.writeEndArray();
        if (one.proposal().isPresent()) {
            json.writeStringField("proposal", one.proposal().get());
        }
        json.writeEndObject();
    }

    private Response report(Request request) {
        var report = questions.report(request.caller(), request.vault());
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("yaml", report.yaml());
            json.writeArrayFieldStart("value");
            for (var one : report.replacements()) {
                json.writeStartObject();
                json.writeStringField("policy", one.policy());
                json.writeStringField("role", one.role());
                actions(json, "gained", one.gained());
                actions(json, "lost", one.lost());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void assignment(JsonGenerator json, Assignment assignment) throws IOException {
        json.writeStringField("name", assignment.id());
        json.writeStringField("role", assignment.role().title());
        if (assignment.expires().isPresent()) {
            json.writeStringField("expires", assignment.expires().get().toString());
        }
    }

    private static void actions(JsonGenerator json, String field, Collection<Action> actions) throws IOException {
        json.writeArrayFieldStart(field);
        for (var action : actions) {
            json.writeString(action.id());
        }
        json.writeEndArray();
    }

    // What requests say: an attacker's, with nothing but the size of the whole checked.

    private static ObjectNode body(Request request) {
        var body = JsonNodeFactory.instance.objectNode();
        Json.read(request.body(), (name, parser) -> body.set(name, Json.tree(parser)));
        return body;
    }

    private static Action action(ObjectNode body) {
        return Action.ofId(text(body.path("action"), "action"))
                .orElseThrow(() -> RestException.badParameter(
                        "'action' is one of Key Vault's data actions, such as secrets/getSecret/action"));
    }

    /** {@code secrets/NAME}; absent is the vault itself. */
    private static ObjectId object(Request request, ObjectNode body) {
        if (body.get("object") == null) {
            return ObjectId.vault(request.vault());
        }
        String[] path = text(body.path("object"), "object").split("/", -1);
        var kind = ObjectKind.ofCollection(path[0]);
        if (path.length != 2 || kind.isEmpty()) {
            throw RestException.badParameter("'object' is written secrets/NAME");
        }
        return new ObjectId(request.vault(), kind.get(), path[1]);
    }

    private static Caller caller(JsonNode subject) {
        String name = text(subject.path("name"), "subject.name");
        return switch (text(subject.path("kind"), "subject.kind")) {
            case "ServiceAccount" ->
                new Caller.ServiceAccount(
                        text(subject.path("namespace"), "subject.namespace"), name, "", Optional.empty());
            case "User" -> {
                var groups = new ArrayList<String>();
                subject.path("groups").forEach(group -> groups.add(text(group, "subject.groups")));
                if (groups.size() > GROUPS) {
                    throw RestException.badParameter("a user is in at most " + GROUPS + " groups");
                }
                yield new Caller.User(name, groups);
            }
            default -> throw RestException.badParameter("'subject.kind' is ServiceAccount or User");
        };
    }

    private static List<Use> uses(JsonNode list) {
        if (!list.isArray() || list.size() > USES) {
            throw RestException.badParameter("'uses' is a list of at most " + USES);
        }
        var uses = new ArrayList<Use>(list.size());
        list.forEach(use -> uses.add(Use.of(
                text(use.path("assignment"), "assignment"),
                text(use.path("caller"), "caller"),
                text(use.path("operation"), "operation"),
                text(use.path("resource"), "resource"))));
        return uses;
    }

    private static String text(JsonNode node, String name) {
        if (!node.isTextual() || node.textValue().length() > TEXT) {
            throw RestException.badParameter("'" + name + "' is a text of at most " + TEXT + " characters");
        }
        return node.textValue();
    }
}
