package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.operator.rest.Route.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API's description (OpenAPI 3.1.0), made from the routes that are answered now: a route that is added is in it. Bodies
 * are Key Vault's and not described once more; methods, paths, parameters, limits, and who may call are.
 */
public final class OpenApi {

    /** Where it is, on the server's own hosts. */
    public static final String PATH = "openapi.json";

    private static final Pattern PARAMETER = Pattern.compile("\\{(?<name>[a-z]+)(?<optional>\\??)}");
    private static final String OF_VAULT = "https://{vault}.{domain}";

    private OpenApi() {}

    /** @param all what is answered when it is asked for */
    public static List<Route> routes(Supplier<List<Route>> all) {
        return List.of(Route.ofServer(Method.GET, PATH, request -> Response.json(json -> write(json, all.get())))
                .needing(Needs.NOTHING));
    }

    private static void write(JsonGenerator json, List<Route> routes) throws IOException {
        json.writeStartObject();
        json.writeStringField("openapi", "3.1.0");
        json.writeObjectFieldStart("info");
        json.writeStringField("title", "Kluis");
        json.writeStringField("summary", "Key Vault's REST API, and what Kluis has besides");
        json.writeStringField("version", "2026-04-01");
        json.writeEndObject();
        json.writeObjectFieldStart("paths");
        for (var path : paths(routes).entrySet()) {
            json.writeObjectFieldStart(path.getKey());
            servers(json, path.getValue().getFirst().scope());
            for (var route : path.getValue()) {
                operation(json, route, path.getKey());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        components(json);
        json.writeEndObject();
    }

    /** A last parameter that may be left out makes two paths; another one may be left empty, which OpenAPI cannot say. */
    private static Map<String, List<Route>> paths(List<Route> routes) {
        var paths = new TreeMap<String, List<Route>>();
        for (var route : routes) {
            String pattern = "/" + route.path();
            if (pattern.endsWith("?}")) {
                add(paths, pattern.substring(0, pattern.lastIndexOf('/')), route);
            }
            add(paths, pattern.replace("?}", "}"), route);
        }
        return paths;
    }

    private static void add(Map<String, List<Route>> paths, String path, Route route) {
        paths.computeIfAbsent(path, same -> new ArrayList<>()).add(route);
    }

    private static void servers(JsonGenerator json, Scope scope) throws IOException {
        json.writeArrayFieldStart("servers");
        switch (scope) {
            case VAULT -> {
                server(json, OF_VAULT, Map.of("vault", "payments", "domain", "vault.svc.cluster.local"));
                server(
                        json,
                        "https://{server}/vaults/{namespace}/{vault}",
                        Map.of(
                                "server",
                                "kluis-operator-api.kluis-system.svc",
                                "namespace",
                                "team",
                                "vault",
                                "payments"));
            }
            case LOGIN -> server(json, "https://login.{domain}", Map.of("domain", "vault.svc.cluster.local"));
            case SERVER -> server(json, "https://{server}", Map.of("server", "kluis-operator-api.kluis-system.svc"));
        }
        json.writeEndArray();
    }

    private static void server(JsonGenerator json, String url, Map<String, String> variables) throws IOException {
        json.writeStartObject();
        json.writeStringField("url", url);
        json.writeObjectFieldStart("variables");
        for (var variable : new TreeMap<>(variables).entrySet()) {
            json.writeObjectFieldStart(variable.getKey());
            json.writeStringField("default", variable.getValue());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void operation(JsonGenerator json, Route route, String path) throws IOException {
        json.writeObjectFieldStart(route.method().name().toLowerCase(Locale.ROOT));
        json.writeStringField("operationId", route.method() + path.replaceAll("[^0-9a-zA-Z]+", "_"));
        json.writeArrayFieldStart("parameters");
        var names = PARAMETER.matcher(path);
        while (names.find()) {
            parameter(json, names);
        }
        if (route.scope() == Scope.VAULT) {
            ref(json, "#/components/parameters/apiVersion");
        }
        json.writeEndArray();
        if (route.bodyLimit() > 0) {
            body(json, route);
        }
        json.writeArrayFieldStart("security");
        if (route.needs() != Needs.NOTHING) {
            json.writeStartObject();
            json.writeArrayFieldStart("token");
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("responses");
        json.writeObjectFieldStart("2XX");
        json.writeStringField("description", "done");
        json.writeEndObject();
        json.writeObjectFieldStart("default");
        json.writeStringField(
                "$ref", "#/components/responses/" + (route.scope() == Scope.LOGIN ? "OAuthError" : "Error"));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void parameter(JsonGenerator json, Matcher parameter) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", parameter.group("name"));
        json.writeStringField("in", "path");
        json.writeBooleanField("required", true);
        json.writeObjectFieldStart("schema");
        json.writeStringField("type", "string");
        json.writeStringField("pattern", "^[0-9A-Za-z._-]{1,253}$");
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void body(JsonGenerator json, Route route) throws IOException {
        json.writeObjectFieldStart("requestBody");
        json.writeStringField("description", "at most " + route.bodyLimit() + " bytes");
        json.writeObjectFieldStart("content");
        json.writeObjectFieldStart(
                route.scope() == Scope.LOGIN ? "application/x-www-form-urlencoded" : "application/json");
        json.writeObjectFieldStart("schema");
        json.writeStringField("type", "object");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void ref(JsonGenerator json, String what) throws IOException {
        json.writeStartObject();
        json.writeStringField("$ref", what);
        json.writeEndObject();
    }

    private static void components(JsonGenerator json) throws IOException {
        json.writeFieldName("components");
        json.writeRawValue("""
                {"securitySchemes":{"token":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}},\
                "parameters":{"apiVersion":{"name":"api-version","in":"query","required":true,\
                "schema":{"type":"string","enum":[%s]}}},\
                "responses":{"Error":{"description":"refused","content":{"application/json":{"schema":{"type":"object",\
                "required":["error"],"properties":{"error":{"type":"object","required":["code","message"],"properties":\
                {"code":{"type":"string"},"message":{"type":"string"},"innererror":{"type":"object","properties":\
                {"code":{"type":"string"}}}}}}}}}},\
                "OAuthError":{"description":"refused","content":{"application/json":{"schema":{"type":"object",\
                "required":["error"],"properties":{"error":{"type":"string"},"error_description":{"type":"string"}}}}}}}}\
                """.formatted(String.join(
                ",", ApiVersions.ALL.stream().map(one -> "\"" + one + "\"").toList())));
    }
}
