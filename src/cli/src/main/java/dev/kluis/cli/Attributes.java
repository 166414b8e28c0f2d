package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** Columns of what is said of every object and version, as Key Vault's API says it. */
final class Attributes {

    static final Output.Column ENABLED =
            new Output.Column("ENABLED", object -> of(object, "enabled").asText());
    static final Output.Column CREATED = new Output.Column("CREATED", object -> time(of(object, "created")));
    static final Output.Column UPDATED = new Output.Column("UPDATED", object -> time(of(object, "updated")));
    static final Output.Column EXPIRES = new Output.Column("EXPIRES", object -> time(of(object, "exp")));

    private Attributes() {}

    private static JsonNode of(JsonNode object, String name) {
        return object.path("attributes").path(name);
    }

    /** Seconds since 1970, as RFC 3339; nothing for anything else. */
    static String time(JsonNode seconds) {
        return seconds.isIntegralNumber()
                ? Instant.ofEpochSecond(seconds.longValue()).toString()
                : "";
    }
}
