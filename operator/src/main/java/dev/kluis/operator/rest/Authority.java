package dev.kluis.operator.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host that a request names, which an attacker chooses: it selects a vault and comes back in links, and nothing is
 * allowed by it.
 *
 * @param text host and port, as it comes back in links
 * @param vault the name of the vault whose own host it is: {@code VAULT.vault.DOMAIN}
 * @param parent of a vault's own host, with the port
 */
record Authority(String text, Optional<String> vault, String parent) {

    private static final Pattern FORM =
            Pattern.compile("(?<host>[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){0,12}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final String OF_VAULT = ".vault.";

    /** @throws RestException 400 for what is no host */
    static Authority parse(String authority) {
        String text = authority.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(text).matches()) {
            throw RestException.badParameter("the request's host is none");
        }
        int dot = text.indexOf('.');
        return dot > 0 && text.startsWith(OF_VAULT, dot)
                ? new Authority(text, Optional.of(text.substring(0, dot)), text.substring(dot + 1))
                : new Authority(text, Optional.empty(), "");
    }
}
