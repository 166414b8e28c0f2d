package dev.kluis.vault.seal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key behind somebody's Key Vault API: {@code https://HOST[:PORT]/keys/NAME[/VERSION]}.
 *
 * @param authority host in lower case, and the port where it is not 443
 * @param name compared without case
 * @param version absent is the current one, whichever that is
 */
public record RemoteKeyId(String authority, String name, Optional<String> version) {

    /** Of the text. */
    public static final int MAX_LENGTH = 512;

    /** A host is in a domain, and is no address: what tokens are for is told by the domain. */
    private static final Pattern AUTHORITY = Pattern.compile(
            "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,12}[a-z]([a-z0-9-]{0,61}[a-z0-9])?(:[1-9][0-9]{0,4})?");

    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");
    private static final Pattern VERSION = Pattern.compile("[0-9a-zA-Z]{1,64}");
    private static final String SCHEME = "https://";

    public RemoteKeyId {
        boolean legal = AUTHORITY.matcher(authority).matches()
                && NAME.matcher(name).matches()
                && version.filter(one -> !VERSION.matcher(one).matches()).isEmpty();
        if (!legal) {
            throw new IllegalArgumentException("a key's id is https://VAULT.DOMAIN/keys/NAME or .../keys/NAME/VERSION");
        }
    }

    /** @throws IllegalArgumentException when it is none; the message does not repeat it */
    public static RemoteKeyId parse(String text) {
        boolean https =
                text.length() <= MAX_LENGTH && text.toLowerCase(Locale.ROOT).startsWith(SCHEME);
        String[] parts = https ? text.substring(SCHEME.length()).split("/", -1) : new String[0];
        if (parts.length < 3 || parts.length > 4 || !parts[1].equals("keys")) {
            throw new IllegalArgumentException("a key's id is https://VAULT.DOMAIN/keys/NAME or .../keys/NAME/VERSION");
        }
        String authority = parts[0].toLowerCase(Locale.ROOT);
        return new RemoteKeyId(
                authority.endsWith(":443") ? authority.substring(0, authority.lastIndexOf(':')) : authority,
                parts[2],
                parts.length == 4 ? Optional.of(parts[3]) : Optional.empty());
    }

    /** Without a port. */
    public String host() {
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** Whether both are versions of one key. */
    public boolean isOfSameKeyAs(RemoteKeyId other) {
        return authority.equals(other.authority) && name.equalsIgnoreCase(other.name);
    }

    /** The text, from which {@link #parse} makes the same. */
    @Override
    public String toString() {
        return SCHEME + authority + "/keys/" + name
                + version.map(one -> "/" + one).orElse("");
    }
}
