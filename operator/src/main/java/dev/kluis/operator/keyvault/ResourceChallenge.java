package dev.kluis.operator.keyvault;

import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteKeyId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a Key Vault answers to a request without a token (RFC 9110 §11.6.1): for which resource it wants one. Where to get it
 * is said there too and is not believed: an answer must not choose who is shown what proves an identity.
 */
final class ResourceChallenge {

    private static final int LIMIT = 4096;
    private static final String SCHEME = "bearer ";
    private static final String SCOPE_SUFFIX = "/.default";
    private static final Pattern PARAMETER = Pattern.compile("([a-z_]{1,32})=\"([^\"]{0,2048})\"");
    private static final int HTTPS = 443;

    private ResourceChallenge() {}

    /**
     * The resource, which is the domain that the vault's host is in: a token for any other would be of use to whoever pretends
     * to be the vault.
     *
     * @param headers the values of {@code WWW-Authenticate}
     */
    static String resource(List<String> headers, RemoteKeyId vault) throws RemoteKeyException {
        var parameters = headers.stream()
                .filter(header -> header.length() <= LIMIT
                        && header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .findFirst()
                .map(ResourceChallenge::parameters)
                .orElseThrow(ResourceChallenge::none);
        String resource = parameters.getOrDefault("resource", parameters.getOrDefault("scope", ""));
        if (resource.endsWith(SCOPE_SUFFIX)) {
            resource = resource.substring(0, resource.length() - SCOPE_SUFFIX.length());
        }
        if (resource.endsWith("/")) {
            resource = resource.substring(0, resource.length() - 1);
        }
        try {
            requireDomainOf(vault, new URI(resource));
        } catch (URISyntaxException e) {
            throw none();
        }
        return resource;
    }

    private static Map<String, String> parameters(String header) {
        var parameters = new HashMap<String, String>();
        PARAMETER.matcher(header.substring(SCHEME.length())).results().forEach(match -> {
            parameters.putIfAbsent(match.group(1), match.group(2));
        });
        return parameters;
    }

    private static void requireDomainOf(RemoteKeyId vault, URI resource) throws RemoteKeyException {
        boolean plain = "https".equals(resource.getScheme())
                && resource.getHost() != null
                && resource.getRawUserInfo() == null
                && resource.getRawPath().isEmpty()
                && resource.getRawQuery() == null
                && resource.getRawFragment() == null;
        if (!plain) {
            throw none();
        }
        String domain = resource.getHost().toLowerCase(Locale.ROOT);
        boolean within = domain.contains(".") && vault.host().endsWith("." + domain);
        boolean samePort =
                resource.getPort() == -1 || port(resource) == port(URI.create("https://" + vault.authority()));
        if (!within || !samePort) {
            throw new RemoteKeyException(
                    "the vault of seal.keyvault.key asks for a token that is not for the domain of its host: no token is"
                            + " given; check the host of seal.keyvault.key");
        }
    }

    private static int port(URI url) {
        return url.getPort() == -1 ? HTTPS : url.getPort();
    }

    private static RemoteKeyException none() {
        return new RemoteKeyException(
                "the vault of seal.keyvault.key does not say for what it wants a token: is it a Key"
                        + " Vault? check the host of seal.keyvault.key");
    }
}
