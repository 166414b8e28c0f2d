package dev.kluis.operator;

import dev.kluis.operator.identity.AuthorityPublication;
import java.util.List;
import java.util.Optional;

/**
 * The API over HTTPS.
 *
 * @param port 0 is any free port
 * @param names the DNS names and IPv4 addresses that clients use, for the certificate
 * @param hostTarget the DNS name of the API's Service, to which the Services of the vaults' hosts point; absent, vaults have
 *     none
 * @param authority where the certificate of Kluis's authority is published
 */
public record ApiSettings(
        int port, List<String> names, Optional<String> hostTarget, AuthorityPublication.Settings authority) {
    public ApiSettings {
        names = List.copyOf(names);
    }
}
