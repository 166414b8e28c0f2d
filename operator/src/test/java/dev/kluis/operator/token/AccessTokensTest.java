package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.kluis.crypto.Sha256;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import dev.kluis.vault.Caller;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessTokensTest {

    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
    private static final Caller CALLER = new Caller.ServiceAccount("team", "app", "uid-1", Optional.empty());
    private static final Evidence EVIDENCE = new Evidence.Assertion("head.canary-assertion.sig", "kluis");

    private final AccessTokens tokens = Tokens.of(() -> NOW, "old", "new");

    private static String issue(AccessTokens by) {
        return by.issue(CALLER, EVIDENCE, "any", Tokens.AUDIENCE, Instant.MAX).token();
    }

    private void refuses(String token) {
        assertThatThrownBy(() -> tokens.open(token))
                .isInstanceOf(AuthenticationException.class)
                .satisfies(refused ->
                        assertThat(((AuthenticationException) refused).kind()).isEqualTo(Kind.STALE));
    }

    @Test
    void a_token_holds_who_it_is_for_and_what_it_was_given_for_and_shows_neither_key_nor_proof() throws ParseException {
        String token = issue(tokens);
        assertThat(AccessTokens.claimsToBeOne(token)).isTrue();
        var opened = tokens.open(token);
        assertThat(opened.subject()).isEqualTo("system:serviceaccount:team:app");
        assertThat(opened.uid()).isEqualTo("uid-1");
        assertThat(opened.evidence()).isEqualTo(EVIDENCE);
        String payload = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8);
        assertThat(payload).contains("\"aud\":\"" + Tokens.AUDIENCE).doesNotContain("canary-assertion");
        assertThat(SignedJWT.parse(token).getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.HS256);

        var byClient = new Evidence.ClientSecret("ci", "0".repeat(32));
        var client = tokens.issue(ExternalClients.caller("ci"), byClient, "ci", Tokens.AUDIENCE, Instant.MAX);
        assertThat(tokens.open(client.token()).evidence()).isEqualTo(byClient);
    }

    @Test
    void a_token_lives_no_longer_than_its_proof_and_at_most_an_hour() {
        assertThat(tokens.issue(CALLER, EVIDENCE, "a", Tokens.AUDIENCE, Instant.MAX)
                        .life())
                .isEqualTo(Duration.ofHours(1));
        var soon = tokens.issue(CALLER, EVIDENCE, "a", Tokens.AUDIENCE, NOW.plusSeconds(90));
        assertThat(soon.life()).isEqualTo(Duration.ofSeconds(90));
        assertThat(Tokens.of(() -> NOW.plusSeconds(89), "new")
                        .open(soon.token())
                        .expires())
                .isEqualTo(NOW.plusSeconds(90));
        assertThatThrownBy(() -> Tokens.of(() -> NOW.plusSeconds(90), "new").open(soon.token()))
                .hasMessageContaining("expired");
    }

    @Test
    void a_root_that_is_still_here_opens_its_tokens_and_one_that_is_gone_does_not() {
        String old = issue(Tokens.of(() -> NOW, "old"));
        assertThat(tokens.open(old).uid()).isEqualTo("uid-1");
        assertThatThrownBy(() -> Tokens.of(() -> NOW, "new").open(old)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void attack_14_another_algorithm_or_none_is_refused() throws JOSEException, ParseException {
        var good = SignedJWT.parse(issue(tokens));
        var claims = good.getJWTClaimsSet();
        String key = good.getHeader().getKeyID();
        refuses(new PlainJWT(claims).serialize());
        for (String algorithm : new String[] {"none", "None", "HS384", "HS512", "RS256", "ES256", ""}) {
            String head = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(("{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\"" + key + "\"}")
                            .getBytes(UTF_8));
            String[] parts = good.serialize().split("\\.", -1);
            refuses(head + "." + parts[1] + "." + parts[2]);
            refuses(head + "." + parts[1] + ".");
        }
        var longer = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS512)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key)
                        .build(),
                claims);
        longer.sign(new MACSigner(new byte[64]));
        refuses(longer.serialize());
    }

    @Test
    void attack_14_a_token_that_was_changed_or_signed_by_another_is_refused() throws JOSEException, ParseException {
        String token = issue(tokens);
        String[] parts = token.split("\\.", -1);
        for (int part = 0; part < parts.length; part++) {
            for (int at = 0; at < parts[part].length(); at += 7) {
                var changed = new StringBuilder(parts[part]);
                changed.setCharAt(at, changed.charAt(at) == 'A' ? 'B' : 'A');
                String[] all = parts.clone();
                all[part] = changed.toString();
                refuses(String.join(".", all));
            }
        }
        var forged = new SignedJWT(
                SignedJWT.parse(token).getHeader(), SignedJWT.parse(token).getJWTClaimsSet());
        forged.sign(new MACSigner(Sha256.of("guessed".getBytes(UTF_8))));
        refuses(forged.serialize());
        refuses(issue(Tokens.of(() -> NOW, "another")));
    }

    @Test
    void attack_14_a_header_that_asks_for_more_is_refused() throws JOSEException, ParseException {
        String[] parts = issue(tokens).split("\\.", -1);
        String head = new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8);
        for (String more : new String[] {
            "\"crit\":[\"exp\"],\"exp\":1",
            "\"b64\":false,\"crit\":[\"b64\"]",
            "\"jku\":\"https://attacker.example.com\"",
            "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
            "\"typ\":\"JWT\""
        }) {
            String changed = head.replace("{", "{" + more + ",");
            refuses(Base64.getUrlEncoder().withoutPadding().encodeToString(changed.getBytes(UTF_8)) + "." + parts[1]
                    + "." + parts[2]);
        }
    }

    @Test
    void attack_14_a_token_for_another_audience_or_of_another_installation_is_refused() {
        for (var other : new AccessTokens[] {
            new AccessTokens(Tokens.ISSUER, Set.of("https://vault.other"), "adfs", () -> NOW, () -> new UUID(1, 2)),
            new AccessTokens(
                    "https://login.vault.other/adfs", Set.of(Tokens.AUDIENCE), "adfs", () -> NOW, () -> new UUID(1, 2))
        }) {
            other.unsealed(Tokens.seal("new"));
            String token = other.issue(
                            CALLER,
                            EVIDENCE,
                            "a",
                            other.isFor(Tokens.AUDIENCE) ? Tokens.AUDIENCE : "https://vault.other",
                            Instant.MAX)
                    .token();
            refuses(token);
        }
    }

    @Test
    void a_token_of_a_clock_that_is_ahead_is_refused() {
        refuses(issue(Tokens.of(() -> NOW.plus(Duration.ofMinutes(5)), "new")));
    }

    @Test
    void attack_22_a_clock_that_jumps_a_day_either_way_extends_no_token() {
        String token = issue(tokens);
        for (var by : List.of(Duration.ofDays(1), Duration.ofDays(-1))) {
            assertThatThrownBy(() -> Tokens.of(() -> NOW.plus(by), "new").open(token))
                    .isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void another_issuers_token_is_left_to_the_cluster() throws JOSEException {
        assertThat(AccessTokens.claimsToBeOne("")).isFalse();
        assertThat(AccessTokens.claimsToBeOne("a.b.c")).isFalse();
        assertThat(AccessTokens.claimsToBeOne("e30.e30.e30")).isFalse();
        var theirs = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("theirs")
                        .customParams(Map.of("x", "y"))
                        .build(),
                new JWTClaimsSet.Builder().expirationTime(Date.from(NOW)).build());
        theirs.sign(new MACSigner(new byte[32]));
        assertThat(AccessTokens.claimsToBeOne(theirs.serialize())).isFalse();
    }
}
