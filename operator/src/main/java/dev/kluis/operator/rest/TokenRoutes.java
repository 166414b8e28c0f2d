package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.token.TokenEndpoint;
import dev.kluis.operator.token.TokenRequestException;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.AuditUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The token endpoint at the host {@code login}, with the documents by which clients find it: those of Azure's first and
 * second version of the protocol, and of AD FS, whose tenant is {@code adfs}.
 */
public final class TokenRoutes {

    /** An assertion has at most 8 KiB, in a form of little else. */
    private static final int FORM_LIMIT = 16 * 1024;

    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String ADFS = "adfs";

    private final TokenEndpoint endpoint;
    private final String tenant;

    /** @param tenant the one that challenges name; clients may use any that is a GUID, there is one only */
    public TokenRoutes(TokenEndpoint endpoint, String tenant) {
        this.endpoint = endpoint;
        this.tenant = tenant;
    }

    public List<Route> routes() {
        return List.of(
                open(Method.POST, "{tenant}/oauth2/token", this::token).withBodyOf(FORM_LIMIT),
                open(Method.POST, "{tenant}/oauth2/v2.0/token", this::token).withBodyOf(FORM_LIMIT),
                open(Method.GET, "{tenant}/.well-known/openid-configuration", request -> configuration(request, "")),
                open(
                        Method.GET,
                        "{tenant}/v2.0/.well-known/openid-configuration",
                        request -> configuration(request, "/v2.0")),
                open(Method.GET, "{tenant}/discovery/keys", this::keys),
                open(Method.GET, "{tenant}/discovery/v2.0/keys", this::keys),
                open(Method.GET, "common/discovery/instance", this::instance));
    }

    private static Route open(Method method, String path, Route.Handler handler) {
        return Route.ofLogin(method, path, handler);
    }

    private Response token(Request request) {
        try {
            requireTenant(request);
            var granted = endpoint.grant(Form.parse(request.body()), request.engine(), source(request));
            return Response.json(json -> {
                json.writeStartObject();
                json.writeStringField("token_type", "Bearer");
                json.writeNumberField("expires_in", granted.life().toSeconds());
                json.writeNumberField("ext_expires_in", granted.life().toSeconds());
                json.writeStringField("resource", granted.resource());
                json.writeStringField("access_token", granted.token());
                json.writeEndObject();
            });
        } catch (TokenRequestException e) {
            return refusal(
                    e.problem().status(), e.problem().name(), String.valueOf(e.getMessage()), e.retryAfter(), request);
        } catch (AuditUnavailableException e) {
            return refusal(503, "TEMPORARILY_UNAVAILABLE", String.valueOf(e.getMessage()), 1, request);
        } catch (RestException e) {
            return refusal(400, "INVALID_REQUEST", String.valueOf(e.getMessage()), 1, request);
        }
    }

    /** RFC 6749 §5.2, with what Azure's libraries log besides. */
    private static Response refusal(int status, String error, String description, int after, Request request) {
        boolean later = status == 429 || status == 503;
        var headers = later ? Map.of("Retry-After", String.valueOf(after)) : Map.<String, String>of();
        return Response.json(status, headers, json -> {
            json.writeStartObject();
            json.writeStringField("error", error.toLowerCase(Locale.ROOT));
            json.writeStringField("error_description", description);
            json.writeStringField("trace_id", request.source().id());
            json.writeStringField("correlation_id", request.source().id());
            json.writeEndObject();
        });
    }

    private static Source source(Request request) {
        return new Source(
                Optional.of(request.source().address()),
                Optional.of(request.source().client()),
                Optional.of(request.source().path()),
                Optional.empty());
    }

    private Response configuration(Request request, String version) {
        String asked = requireTenant(request);
        String authority = request.base() + "/" + asked;
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("issuer", authority + version);
            json.writeStringField("token_endpoint", authority + "/oauth2" + version + "/token");
            // Libraries ask for the member; nobody signs in by a browser here.
            json.writeStringField("authorization_endpoint", authority + "/oauth2" + version + "/authorize");
            json.writeStringField("jwks_uri", authority + "/discovery" + version + "/keys");
            list(json, "grant_types_supported", "client_credentials");
            list(json, "token_endpoint_auth_methods_supported", "private_key_jwt", "client_secret_post");
            list(json, "response_types_supported", "token");
            list(json, "subject_types_supported", "public");
            list(json, "id_token_signing_alg_values_supported", "HS256");
            json.writeEndObject();
        });
    }

    private static void list(JsonGenerator json, String name, String... values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** Kluis alone reads its tokens, by keys that it tells nobody. */
    private Response keys(Request request) {
        requireTenant(request);
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("keys");
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Response instance(Request request) {
        String host = request.base().substring("https://".length());
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField(
                    "tenant_discovery_endpoint",
                    request.base() + "/" + tenant + "/v2.0/.well-known/openid-configuration");
            json.writeStringField("api-version", "1.1");
            json.writeArrayFieldStart("metadata");
            json.writeStartObject();
            json.writeStringField("preferred_network", host);
            json.writeStringField("preferred_cache", host);
            list(json, "aliases", host);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private String requireTenant(Request request) {
        String asked = request.parameter("tenant");
        if (!asked.equalsIgnoreCase(tenant)
                && !asked.equals(ADFS)
                && !GUID.matcher(asked).matches()) {
            throw RestException.badParameter("the tenant is '" + tenant + "'");
        }
        return asked;
    }
}
