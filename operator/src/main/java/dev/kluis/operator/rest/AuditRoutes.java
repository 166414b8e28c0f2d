package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.audit.AuditFilter;
import dev.kluis.vault.audit.AuditLine;
import dev.kluis.vault.audit.AuditRead;
import dev.kluis.vault.audit.AuditSearch;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Past operations on a vault, for who may read its assignments. */
public final class AuditRoutes {

    private static final int LIMIT = 10_000;
    private static final int DEFAULT_LIMIT = 100;

    private AuditRoutes() {}

    public static List<Route> routes(AuditSearch search) {
        return List.of(Route.inVault(Method.GET, "audit", request -> {
            request.execute(new AuditRead(request.vault()));
            return answer(request, request.vault().toString(), search);
        }));
    }

    /**
     * What a request looks for of the past operations on a vault or on the seal; who may ask was asked before.
     *
     * @param resource as in the lines of the audit
     */
    static Response answer(Request request, String resource, AuditSearch search) {
        var filter = new AuditFilter(
                Optional.of(resource),
                request.query("object"),
                request.query("caller"),
                request.query("operation"),
                request.query("result"),
                time(request, "from"),
                time(request, "to"));
        int limit = request.queryNumber("limit").orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > LIMIT) {
            throw RestException.badParameter("'limit' is 1 to " + LIMIT);
        }
        return answer(search, filter, limit);
    }

    private static Response answer(AuditSearch search, AuditFilter filter, int limit) {
        List<AuditLine> found;
        Optional<Instant> since;
        try {
            found = search.search(filter, limit);
            since = search.since();
        } catch (IOException e) {
            throw RestException.unavailable("AuditUnavailable", "the audit's files cannot be read", 1);
        }
        return Response.json(json -> {
            json.writeStartObject();
            if (since.isPresent()) {
                json.writeStringField("since", since.get().toString());
            }
            json.writeArrayFieldStart("value");
            for (var line : found) {
                // Lines are JSON, and nothing else passed their parser.
                json.writeRawValue(line.text());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Optional<Instant> time(Request request, String name) {
        return request.query(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw RestException.badParameter("'" + name + "' is a time such as 2026-01-31T12:00:00Z");
            }
        });
    }
}
