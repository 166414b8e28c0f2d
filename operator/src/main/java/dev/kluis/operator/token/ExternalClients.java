package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Source;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Programs outside the cluster, which have no ServiceAccount: each is declared by whoever installs Kluis and knows a
 * secret that is kept in a vault. The token endpoint reads it through the door as {@value #READER}, so that the vault's
 * owner allows it by an assignment, and takes it back by that.
 */
public final class ExternalClients {

    /** The user who reads the secrets. */
    public static final String READER = "kluis:token-endpoint";
    /** Before a client's id, the user that it is. */
    public static final String USER_PREFIX = "kluis:client:";

    /** Less can be guessed. */
    private static final int SHORTEST = 16;

    private static final Caller READING = new Caller.User(READER, List.of());

    /**
     * A client.
     *
     * @param id 1 to 64 of {@code [0-9a-zA-Z._-]}, compared without case since clients write GUIDs either way
     * @param secret where its secret is kept
     */
    public record Client(String id, ObjectId secret) {

        private static final Pattern FORM =
                Pattern.compile("(?<id>[0-9A-Za-z._-]{1,64})=(?<ns>[^/=]+)/(?<vault>[^/=]+)/(?<secret>[^/=]+)");

        /**
         * @param text {@code ID=NAMESPACE/VAULT/SECRET}
         * @throws IllegalArgumentException for any other
         */
        public static Client parse(String text) {
            var form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException(
                        "a client is ID=NAMESPACE/VAULT/SECRET, its id 1 to 64 of letters, digits, '.', '_' and '-'");
            }
            return new Client(
                    form.group("id").toLowerCase(Locale.ROOT),
                    ObjectId.secret(new VaultId(form.group("ns"), form.group("vault")), form.group("secret")));
        }
    }

    private final Map<String, ObjectId> secrets;
    private final InstantSource clock;

    public ExternalClients(List<Client> clients, InstantSource clock) {
        this.secrets = clients.stream().collect(Collectors.toUnmodifiableMap(Client::id, Client::secret));
        this.clock = clock;
    }

    static Caller caller(String client) {
        return new Caller.User(USER_PREFIX + client, List.of());
    }

    /** The version of a client's secret, where this is its value. */
    Optional<String> prove(Vault vault, String client, String secret, Source source) {
        byte[] given = secret.getBytes(UTF_8);
        try (var offered = SecretBytes.owning(given)) {
            return read(vault, client, source, value -> offered.equals(value) && value.length() >= SHORTEST);
        }
    }

    /** Whether this version of a client's secret is still the one in force. */
    boolean inForce(Vault vault, String client, String version) {
        return read(vault, client, Source.NONE, value -> true)
                .filter(version::equals)
                .isPresent();
    }

    private Optional<String> read(Vault vault, String client, Source source, Predicate<SecretBytes> accepted) {
        var secret = Optional.ofNullable(secrets.get(client));
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        try {
            var fetched =
                    vault.execute(READING, source, new SecretGet(secret.get(), Optional.empty(), Optional.empty()));
            if (fetched instanceof Fetched.Value(var metadata, var _, var value)) {
                try (value) {
                    return accepted.test(value) && current(metadata) ? Optional.of(metadata.id()) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (VaultException e) {
            // Not there, disabled, or the vault's owner does not allow it: the client need not know which.
            return Optional.empty();
        }
    }

    private boolean current(ObjectVersion version) {
        var now = clock.instant();
        var attributes = version.attributes();
        return attributes.notBefore().filter(now::isBefore).isEmpty()
                && attributes.expires().filter(end -> !now.isBefore(end)).isEmpty();
    }
}
