package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How Kluis is, for everybody: it tells nothing that its health checks do not tell. */
public final class StatusRoutes {

    /**
     * @param phase such as {@code Serving} or {@code Sealed}
     * @param sealed why it is sealed, if it is, and what somebody has to do
     */
    public record Status(String phase, boolean ready, Optional<String> sealed) {}

    private StatusRoutes() {}

    public static List<Route> routes(Supplier<Status> status) {
        return List.of(Route.ofServer(Method.GET, "status", request -> {
                    var now = status.get();
                    return Response.json(json -> {
                        json.writeStartObject();
                        json.writeStringField("phase", now.phase());
                        json.writeBooleanField("ready", now.ready());
                        if (now.sealed().isPresent()) {
                            json.writeStringField("sealed", now.sealed().get());
                        }
                        json.writeEndObject();
                    });
                })
                .needing(Needs.NOTHING));
    }
}
