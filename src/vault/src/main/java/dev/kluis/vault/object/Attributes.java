package dev.kluis.vault.object;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a user decides about a version of an object of any kind.
 *
 * @param notBefore informational for secrets; a key encrypts, wraps and signs from then on
 * @param expires informational for secrets; a key encrypts, wraps and signs until then
 */
public record Attributes(
        boolean enabled, Optional<Instant> notBefore, Optional<Instant> expires, Map<String, String> tags) {

    public static final Attributes NONE = new Attributes(true, Optional.empty(), Optional.empty(), Map.of());

    public Attributes {
        // As records keep them: a version is the same before it was written and after it was read.
        notBefore = notBefore.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        expires = expires.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
