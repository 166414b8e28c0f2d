package dev.kluis.operator.keyvault;

import dev.kluis.vault.seal.RemoteKeyId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key in a Key Vault, and how to prove who asks for it.
 *
 * @param key with a version only where no other may wrap
 * @param algorithm one of {@link #ALGORITHMS}, which fits to the key
 * @param caFile the authorities that alone are trusted, PEM, read at each use; absent, those of the Java runtime
 * @param timeout of a request with its answer
 */
public record KeyVaultSettings(
        RemoteKeyId key, String algorithm, Identity identity, Optional<Path> caFile, Duration timeout) {

    /** For RSA keys, and for symmetric ones of 256 bits (RFC 7518 §4.3, §4.4). */
    public static final List<String> ALGORITHMS = List.of("RSA-OAEP-256", "A256KW");

    private static final Duration LONGEST = Duration.ofMinutes(1);

    public KeyVaultSettings {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new IllegalArgumentException("the algorithm of the seal is one of " + ALGORITHMS);
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the timeout of the seal is longer than none and at most " + LONGEST);
        }
    }

    /**
     * As whom, and where that is proven.
     *
     * @param authorityHost of the token endpoint: {@code https} and nothing behind the host
     * @param tenant a GUID or a domain, or {@code adfs}
     * @param proof what is shown there
     */
    public record Identity(URI authorityHost, String tenant, String clientId, Proof proof) {

        private static final Pattern TENANT = Pattern.compile("[0-9A-Za-z]([0-9A-Za-z.-]{0,62}[0-9A-Za-z])?");
        private static final Pattern CLIENT = Pattern.compile("[\\x21-\\x7e]{1,256}");
        private static final String ADFS = "adfs";

        public Identity {
            boolean plain = "https".equals(authorityHost.getScheme())
                    && authorityHost.getHost() != null
                    && authorityHost.getRawUserInfo() == null
                    && (authorityHost.getRawPath().isEmpty()
                            || authorityHost.getRawPath().equals("/"))
                    && authorityHost.getRawQuery() == null
                    && authorityHost.getRawFragment() == null;
            if (!plain) {
                throw new IllegalArgumentException("the seal's authority host is https://HOST, with nothing behind it");
            }
            if (!TENANT.matcher(tenant).matches() || !CLIENT.matcher(clientId).matches()) {
                throw new IllegalArgumentException("the seal has a tenant and a client id");
            }
        }

        /** Of the protocol's second version; AD FS has one only. */
        URI tokenEndpoint() {
            return authorityHost.resolve(
                    tenant.equalsIgnoreCase(ADFS) ? "/adfs/oauth2/token" : "/" + tenant + "/oauth2/v2.0/token");
        }
    }

    /** What proves an identity. It is read at each use, so that it may be rotated. */
    public sealed interface Proof {
        Path file();
    }

    /** A token that somebody else issued, such as the cluster (RFC 7523 §2.2). */
    public record FederatedToken(Path file) implements Proof {}

    /** A secret (RFC 6749 §2.3.1). */
    public record ClientSecret(Path file) implements Proof {}
}
