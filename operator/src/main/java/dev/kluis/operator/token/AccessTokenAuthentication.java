package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.crypto.Sha256;
import dev.kluis.operator.identity.Authentication;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Proves whose an access token of Kluis's is: by the token itself, and by what it was given for, which is looked at again at
 * least once a minute. Every other token is the cluster's to prove.
 */
public final class AccessTokenAuthentication implements Authentication {

    private static final int LIMIT = 16 * 1024;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int REMEMBERED_PROOFS = 10_000;

    /** RFC 6750 §2.1. */
    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z._~+/-]++=*+");

    private record Proof(Caller caller, Instant until) {}

    private final AccessTokens tokens;
    private final TokenAuthenticator cluster;
    private final ExternalClients clients;
    private final Supplier<Optional<Vault>> vaults;
    private final InstantSource clock;
    private final Cache<String, Proof> proofs = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_PROOFS)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /** @param vaults where the secrets of clients are, once there is an engine */
    public AccessTokenAuthentication(
            AccessTokens tokens,
            TokenAuthenticator cluster,
            ExternalClients clients,
            Supplier<Optional<Vault>> vaults,
            InstantSource clock) {
        this.tokens = tokens;
        this.cluster = cluster;
        this.clients = clients;
        this.vaults = vaults;
        this.clock = clock;
    }

    /** A token that is known is only looked up, since most come with thousands of requests. */
    @Override
    public Caller authenticate(String token) {
        if (token.length() > LIMIT) {
            throw refused("the token is longer than " + LIMIT + " bytes");
        }
        String key = key(token);
        var known = remembered(key);
        if (known.isPresent()) {
            return known.get();
        }
        var proof = prove(token);
        proofs.put(key, proof);
        return proof.caller();
    }

    @Override
    public Optional<Caller> known(String token) {
        return token.length() > LIMIT ? Optional.empty() : remembered(key(token));
    }

    /** The token itself is kept nowhere. */
    private static String key(String token) {
        return Sha256.hex(token.getBytes(UTF_8));
    }

    private Optional<Caller> remembered(String key) {
        return Optional.ofNullable(proofs.getIfPresent(key))
                .filter(proof -> clock.instant().isBefore(proof.until()))
                .map(Proof::caller);
    }

    private Proof prove(String token) {
        if (!FORM.matcher(token).matches()) {
            throw refused("this has not the form of a bearer token");
        }
        if (!AccessTokens.claimsToBeOne(token)) {
            var proven = cluster.prove(token, List.of(TokenAuthenticator.AUDIENCE));
            return new Proof(proven.caller(), proven.until());
        }
        var opened = tokens.open(token);
        var bearer = bearer(opened);
        return new Proof(bearer.caller(), earlier(opened.expires(), bearer.until()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** No proof outlives what it rests on, or the two memories together would be longer than each. */
    private Proof bearer(AccessTokens.Opened opened) {
        var proof = switch (opened.evidence()) {
            case Evidence.Assertion(String assertion, String audience) -> account(assertion, audience);
            case Evidence.ClientSecret(String client, String version) -> client(client, version);
        };
        var caller = proof.caller();
        boolean same = caller.name().equals(opened.subject())
                && (!(caller instanceof Caller.ServiceAccount account)
                        || account.uid().equals(opened.uid()));
        if (!same) {
            throw stale("the access token is another's than what it was given for");
        }
        return proof;
    }

    private Proof account(String assertion, String audience) {
        try {
            var proven = cluster.prove(assertion, List.of(audience));
            return new Proof(proven.caller(), proven.until());
        } catch (AuthenticationException e) {
            throw e.kind() == Kind.REFUSED
                    ? stale("the token that the access token was given for is not valid any more")
                    : e;
        }
    }

    private Proof client(String client, String version) {
        var vault = vaults.get()
                .orElseThrow(() -> new AuthenticationException(Kind.UNAVAILABLE, "Kluis is starting, or sealed"));
        if (!clients.inForce(vault, client, version)) {
            throw stale("the secret that the access token was given for is not in force any more");
        }
        return new Proof(ExternalClients.caller(client), clock.instant().plus(REMEMBERED));
    }

    private static AuthenticationException refused(String why) {
        return new AuthenticationException(Kind.REFUSED, why);
    }

    private static AuthenticationException stale(String why) {
        return new AuthenticationException(Kind.STALE, why);
    }
}
