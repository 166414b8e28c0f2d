package dev.kluis.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the API calls an object, at a vault's own host or below {@code /vaults/NAMESPACE/VAULT}.
 *
 * @param name empty where the text is no such URL
 * @param version empty where there is none
 */
record ObjectUrl(String name, String version) {

    private static final Pattern FORM = Pattern.compile(
            "https://[^/]+(?:/vaults/[^/]+/[^/]+)?/(?<collection>[a-z]+)/(?<name>[^/]+)(?:/(?<version>[^/]+))?");

    /** @param collection such as {@code keys} */
    static ObjectUrl of(String collection, String url) {
        return Optional.of(FORM.matcher(url))
                .filter(Matcher::matches)
                .filter(parts -> parts.group("collection").equals(collection))
                .map(parts -> new ObjectUrl(
                        parts.group("name"),
                        Optional.ofNullable(parts.group("version")).orElse("")))
                .orElse(new ObjectUrl("", ""));
    }
}
