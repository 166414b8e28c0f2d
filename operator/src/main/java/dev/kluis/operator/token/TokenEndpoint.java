package dev.kluis.operator.token;

import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.operator.token.TokenRequestException.Problem;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.Vault;
import dev.kluis.vault.audit.TokenTrail;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Exchanges what proves an identity for an access token: OAuth 2.0's client credentials (RFC 6749 §4.4), the proof being a
 * ServiceAccount's token (RFC 7523 §2.2) or a declared client's secret (RFC 6749 §2.3.1).
 */
public final class TokenEndpoint {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    /** It goes along in the access token, which has to fit into a header. */
    private static final int LONGEST_ASSERTION = 8 * 1024;

    private static final Set<String> FOR_PEOPLE = Set.of("openid", "profile", "offline_access");
    private static final String SCOPE_SUFFIX = "/.default";
    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

    private final AccessTokens tokens;
    private final TokenAuthenticator cluster;
    private final ExternalClients clients;
    private final List<String> assertionAudiences;
    private final TokenTrail trail;
    private final RefusalLines refusals;

    /**
     * @param assertionAudiences of ServiceAccount tokens that are taken as assertions
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public TokenEndpoint(
            AccessTokens tokens,
            TokenAuthenticator cluster,
            ExternalClients clients,
            List<String> assertionAudiences,
            TokenTrail trail,
            LongSupplier nanoTime) {
        this.tokens = tokens;
        this.cluster = cluster;
        this.clients = clients;
        this.assertionAudiences = List.copyOf(assertionAudiences);
        this.trail = trail;
        this.refusals = new RefusalLines(trail, nanoTime);
    }

    /** What a client gets. */
    public record Granted(String token, Duration life, String resource) {
        /** Not the token. */
        @Override
        public String toString() {
            return "Granted[" + life + ", " + resource + "]";
        }
    }

    /** Who calls, and by what that is proved. */
    private record Proven(Caller caller, Evidence evidence, Instant until) {}

    /**
     * Gives a token for a form's fields, or none; the audit tells either.
     *
     * @param vault absent while Kluis is starting or sealed
     * @throws TokenRequestException where there is none for them
     */
    public Granted grant(Map<String, String> form, Optional<Vault> vault, Source source) {
        if (vault.isEmpty() || !tokens.ready()) {
            throw unavailable("Kluis is starting, or sealed");
        }
        String client = Optional.ofNullable(form.get("client_id")).orElse("");
        try {
            return grant(form, client, vault.get(), source);
        } catch (TokenRequestException e) {
            refusals.tell(client, source, e);
            throw e;
        }
    }

    /** Of a client that is told of, whatever comes of it. */
    private Granted grant(Map<String, String> form, String client, Vault vault, Source source) {
        if (!"client_credentials".equals(form.get("grant_type"))) {
            throw new TokenRequestException(
                    Problem.UNSUPPORTED_GRANT_TYPE, "grant_type is client_credentials, once and nothing else");
        }
        if (!CLIENT_ID.matcher(client).matches()) {
            throw invalid("client_id is missing, or not 1 to 256 printable characters");
        }
        String resource = resource(form);
        String assertion = form.get("client_assertion");
        String secret = form.get("client_secret");
        if ((assertion == null) == (secret == null)) {
            throw invalid("either client_assertion or client_secret proves who calls");
        }
        var proven = assertion != null
                ? byAssertion(form, assertion)
                : bySecret(vault, client, String.valueOf(secret), source);
        var issued = trail.issue(
                proven.caller(),
                client,
                source,
                () -> tokens.issue(proven.caller(), proven.evidence(), client, resource, proven.until()),
                token -> "a token for " + resource + ", for " + token.life().toSeconds() + " seconds");
        return new Granted(issued.token(), issued.life(), resource);
    }

    private Proven byAssertion(Map<String, String> form, String assertion) {
        if (!ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
            throw invalid("client_assertion_type is " + ASSERTION_TYPE);
        }
        if (assertion.length() > LONGEST_ASSERTION) {
            throw invalid("client_assertion is longer than " + LONGEST_ASSERTION + " characters");
        }
        try {
            var proven = cluster.prove(assertion, assertionAudiences);
            if (!(proven.caller() instanceof Caller.ServiceAccount)) {
                throw refused("the assertion is not a ServiceAccount's token");
            }
            return new Proven(proven.caller(), new Evidence.Assertion(assertion, proven.audience()), proven.expires());
        } catch (AuthenticationException e) {
            throw switch (e.kind()) {
                case REFUSED, STALE -> refused(String.valueOf(e.getMessage()));
                case BUSY -> TokenRequestException.slowDown(String.valueOf(e.getMessage()), 1);
                case UNAVAILABLE -> unavailable(String.valueOf(e.getMessage()));
            };
        }
    }

    private Proven bySecret(Vault vault, String client, String secret, Source source) {
        String id = client.toLowerCase(Locale.ROOT);
        String version = clients.prove(vault, id, secret, source)
                .orElseThrow(() -> refused("there is no such client, or this is not its secret"));
        return new Proven(ExternalClients.caller(id), new Evidence.ClientSecret(id, version), Instant.MAX);
    }

    /** What the token is for: {@code resource} of the first version of the protocol, {@code scope} of the second. */
    private String resource(Map<String, String> form) {
        String resource = Optional.ofNullable(form.get("resource"))
                .or(() -> Optional.ofNullable(form.get("scope")).map(TokenEndpoint::ofScope))
                .orElseThrow(() -> invalid("resource or scope is missing"));
        String audience = withoutPort(resource);
        if (!tokens.isFor(audience)) {
            throw new TokenRequestException(
                    Problem.INVALID_SCOPE, "tokens are given for what a vault's challenge names as its resource");
        }
        return audience;
    }

    /** Libraries add scopes of OpenID Connect that are for people who sign in. */
    private static String ofScope(String scopes) {
        String scope = Arrays.stream(scopes.split(" ", -1))
                .filter(one -> !one.isEmpty() && !FOR_PEOPLE.contains(one))
                .collect(Collectors.joining(" "));
        return scope.endsWith(SCOPE_SUFFIX) ? scope.substring(0, scope.length() - SCOPE_SUFFIX.length()) : scope;
    }

    private static String withoutPort(String resource) {
        try {
            var uri = URI.create(resource);
            boolean plain = "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return plain ? "https://" + uri.getHost().toLowerCase(Locale.ROOT) : resource;
        } catch (IllegalArgumentException e) {
            return resource;
        }
    }

    private static TokenRequestException invalid(String why) {
        return new TokenRequestException(Problem.INVALID_REQUEST, why);
    }

    private static TokenRequestException unavailable(String why) {
        return new TokenRequestException(Problem.TEMPORARILY_UNAVAILABLE, why);
    }

    private static TokenRequestException refused(String why) {
        return new TokenRequestException(Problem.INVALID_CLIENT, why);
    }
}
