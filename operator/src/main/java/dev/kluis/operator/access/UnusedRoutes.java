package dev.kluis.operator.access;

import static dev.kluis.operator.rest.Route.inVault;

import dev.kluis.operator.rest.Request;
import dev.kluis.operator.rest.Response;
import dev.kluis.operator.rest.RestException;
import dev.kluis.operator.rest.Route;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.access.AccessQuestions;
import dev.kluis.vault.access.AuditedUses;
import dev.kluis.vault.audit.AuditRead;
import dev.kluis.vault.audit.AuditSearch;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * What of a vault's assignments was not used, by the operator's own audit: {@code GET access/unused?days=N}. It takes what
 * reading the audit takes.
 */
public final class UnusedRoutes {

    private static final int DAYS = 3650;
    private static final int DEFAULT_DAYS = 90;
    /** Long enough for some gigabytes of files. */
    private static final Duration TIME = Duration.ofMinutes(2);

    private final AccessQuestions questions;
    private final AuditSearch audit;
    private final InstantSource clock;
    /** Whoever may read the audit once may do so often, and each reads all of it. */
    private final Semaphore readers = new Semaphore(1);

    private UnusedRoutes(AccessQuestions questions, AuditSearch audit, InstantSource clock) {
        this.questions = questions;
        this.audit = audit;
        this.clock = clock;
    }

    public static List<Route> routes(AccessQuestions questions, AuditSearch audit, InstantSource clock) {
        var routes = new UnusedRoutes(questions, audit, clock);
        return List.of(inVault(Method.GET, "access/unused", routes::unused).within(TIME));
    }

    private Response unused(Request request) {
        int days = request.queryNumber("days").orElse(DEFAULT_DAYS);
        if (days < 1 || days > DAYS) {
            throw RestException.badParameter("'days' is 1 to " + DAYS);
        }
        request.execute(new AuditRead(request.vault()));
        var audited = audited(request, days);
        var all = questions.unused(request.caller(), request.vault(), audited.uses());
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("from", audited.from().toString());
            if (audited.since().isPresent()) {
                json.writeStringField("since", audited.since().get().toString());
            }
            json.writeNumberField("lost", audited.lost());
            json.writeBooleanField("complete", audited.complete());
            json.writeArrayFieldStart("value");
            for (var one : all) {
                AccessRoutes.unused(json, one);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private AuditedUses audited(Request request, int days) {
        if (!readers.tryAcquire()) {
            throw RestException.unavailable("Busy", "the audit is being read for another; trying again helps", 1);
        }
        try {
            return AuditedUses.read(audit, request.vault(), clock.instant().minus(Duration.ofDays(days)));
        } catch (IOException e) {
            throw RestException.unavailable("AuditUnavailable", "the audit's files cannot be read", 1);
        } finally {
            readers.release();
        }
    }
}
