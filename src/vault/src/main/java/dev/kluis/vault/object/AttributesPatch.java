package dev.kluis.vault.object;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What of a version's attributes is to become another: what is absent stays. */
public record AttributesPatch(
        Optional<Boolean> enabled,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        Optional<Map<String, String>> tags) {

    public static final AttributesPatch NONE =
            new AttributesPatch(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Attributes over(Attributes before) {
        return new Attributes(
                enabled.orElse(before.enabled()),
                notBefore.or(before::notBefore),
                expires.or(before::expires),
                tags.orElse(before.tags()));
    }
}
