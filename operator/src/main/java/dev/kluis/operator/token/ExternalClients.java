package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Source;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.secret.ClientSecretOperations.ClientSecretVerify;
import dev.kluis.vault.secret.ClientSecretOperations.ClientSecretVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Programs outside the cluster, which have no ServiceAccount: each is declared by whoever installs Kluis and knows a
 * secret that is kept in a vault. The token endpoint asks about it through the door as {@value #READER}, so that the vault's
 * owner allows it by an assignment, and takes it back by that.
 */
public final class ExternalClients {

    /** The user who asks about the secrets. */
    public static final String READER = "kluis:token-endpoint";
    /** Before a client's id, the user that it is. */
    public static final String USER_PREFIX = "kluis:client:";

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
    private final Guesses guesses;
    /** For ids that nobody declared: they answer as others do, and take no room from those. */
    private final Guesses guessesOfNobody;

    /** @param nanoTime a monotonic clock in nanoseconds */
    public ExternalClients(List<Client> clients, LongSupplier nanoTime) {
        this.secrets = clients.stream().collect(Collectors.toUnmodifiableMap(Client::id, Client::secret));
        this.guesses = new Guesses(nanoTime);
        this.guessesOfNobody = new Guesses(nanoTime);
    }

    static Caller caller(String client) {
        return new Caller.User(USER_PREFIX + client, List.of());
    }

    /**
     * The version of a client's secret, where this is its value.
     *
     * @throws TokenRequestException when too many wrong ones came
     */
    Optional<String> prove(Vault vault, String client, String secret, Source source) {
        var kept = Optional.ofNullable(secrets.get(client));
        var guess = (kept.isPresent() ? guesses : guessesOfNobody)
                .take(client, source.address().orElse(""));
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            var offered = SecretBytes.owning(secret.getBytes(UTF_8));
            var version = asked(vault, source, new ClientSecretVerify(kept.get(), offered));
            version.ifPresent(right -> guess.right());
            return version;
        } catch (RuntimeException e) {
            guess.undecided();
            throw e;
        }
    }

    /** Whether this version of a client's secret is still the one in force. */
    boolean inForce(Vault vault, String client, String version) {
        return Optional.ofNullable(secrets.get(client))
                .flatMap(secret -> asked(vault, Source.NONE, new ClientSecretVersion(secret)))
                .filter(version::equals)
                .isPresent();
    }

    private static Optional<String> asked(Vault vault, Source source, Operation<String> operation) {
        try {
            return Optional.of(vault.execute(READING, source, operation));
        } catch (VaultException e) {
            // Another value, not there, disabled, or the vault's owner does not allow it: the client need not know
            // which.
            return Optional.empty();
        }
    }
}
