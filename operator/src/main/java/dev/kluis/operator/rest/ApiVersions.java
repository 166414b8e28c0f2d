package dev.kluis.operator.rest;

import java.util.List;
import java.util.Optional;

/** Key Vault's versions of its API: all mean the same here, since what a version does not know does it no harm. */
final class ApiVersions {

    /** In the order in which they came. */
    static final List<String> ALL =
            List.of("7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01");

    private ApiVersions() {}

    /**
     * Key Vault's clients always send one; below {@code /vaults/} it may be left out, and OAuth has others.
     *
     * @throws RestException 400 for a call without one that is known
     */
    static void require(Call call) {
        if (call.authority().login()) {
            return;
        }
        var version = Optional.ofNullable(call.target().query().get("api-version"));
        if (version.isEmpty() ? call.authority().vault().isPresent() : !ALL.contains(version.get())) {
            throw RestException.badParameter("'api-version' is none of " + String.join(", ", ALL));
        }
    }
}
