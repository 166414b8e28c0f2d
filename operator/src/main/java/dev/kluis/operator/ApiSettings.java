package dev.kluis.operator;

import dev.kluis.operator.identity.AuthorityPublication;
import dev.kluis.operator.token.ExternalClients;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        int port,
        List<String> names,
        Optional<String> hostTarget,
        AuthorityPublication.Settings authority,
        Tokens tokens) {
    public ApiSettings {
        names = List.copyOf(names);
    }

    /**
     * The token endpoint.
     *
     * @param domains what follows a vault's name in its host
     * @param tenant that challenges name
     * @param assertionAudiences of ServiceAccount tokens that are exchanged
     */
    public record Tokens(
            List<String> domains,
            String tenant,
            List<String> assertionAudiences,
            List<ExternalClients.Client> clients) {

        private static final Pattern TENANT = Pattern.compile("[0-9A-Za-z-]{1,64}");
        /** What programs ask for that were written for Azure's own vaults and do not go by the challenge. */
        private static final List<String> OF_AZURE = List.of("https://vault.azure.net", "https://managedhsm.azure.net");

        public Tokens {
            domains = List.copyOf(domains);
            assertionAudiences = List.copyOf(assertionAudiences);
            clients = List.copyOf(clients);
            if (domains.isEmpty()
                    || assertionAudiences.isEmpty()
                    || !TENANT.matcher(tenant).matches()) {
                throw new IllegalArgumentException(
                        "there is a domain and an audience, and a tenant is 1 to 64 letters, digits and dashes");
            }
        }

        /** In every token. */
        String issuer() {
            return "https://login." + domains.getFirst() + "/" + tenant;
        }

        /** For which tokens are given. */
        Set<String> audiences() {
            return Stream.concat(domains.stream().map(domain -> "https://" + domain), OF_AZURE.stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
