package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How Kluis is, for everybody: it tells no more than its health checks and the event of its sealing. */
public final class StatusRoutes {

    /**
     * @param phase such as {@code Serving} or {@code Sealed}
     * @param message what somebody has to do, if anything
     */
    public record Status(String phase, boolean ready, Optional<String> message) {}

    private StatusRoutes() {}

    public static List<Route> routes(Supplier<Status> status) {
        return List.of(Route.ofServer(Method.GET, "status", request -> {
                    var now = status.get();
                    return Response.json(json -> {
                        json.writeStartObject();
                        json.writeStringField("phase", now.phase());
                        json.writeBooleanField("ready", now.ready());
                        if (now.message().isPresent()) {
                            json.writeStringField("message", now.message().get());
                        }
                        json.writeEndObject();
                    });
                })
                .needing(Needs.NOTHING));
    }
}
