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
 * @param login whether it is the token endpoint's: {@code login.vault.DOMAIN}
 * @param parent of such a host, with the port
 */
record Authority(String text, Optional<String> vault, boolean login, String parent) {

    private static final Pattern FORM =
            Pattern.compile("(?<host>[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){0,12}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final String OF_VAULT = ".vault.";
    private static final String LOGIN = "login";

    /** @throws RestException 400 for what is no host */
    static Authority parse(String authority) {
        String text = authority.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(text).matches()) {
            throw RestException.badParameter("the request's host is none");
        }
        int dot = text.indexOf('.');
        if (dot <= 0 || !text.startsWith(OF_VAULT, dot)) {
            return new Authority(text, Optional.empty(), false, "");
        }
        String name = text.substring(0, dot);
        boolean login = name.equals(LOGIN);
        return new Authority(text, login ? Optional.empty() : Optional.of(name), login, text.substring(dot + 1));
    }
}
