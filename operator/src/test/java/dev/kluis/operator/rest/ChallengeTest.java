package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The challenge as the five families of clients read it: each in its own way, of which the strictest parts are here. */
class ChallengeTest {

    private static Challenge challenge(String host) {
        return new Challenge(Authority.parse(host), "adfs");
    }

    /** Go splits at spaces and wants one equals sign in each; Python drops values with an equals sign; JavaScript wants quotes. */
    private static Map<String, String> parse(String header) {
        assertThat(header).startsWith("Bearer ");
        var values = new HashMap<String, String>();
        for (String pair : header.substring("Bearer ".length()).split(", ", -1)) {
            assertThat(pair).matches("[a-z_]+=\"[^\"=]*\"");
            values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('"') + 1, pair.length() - 1));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"payments.vault.svc.cluster.local", "payments.vault.example.com:8443"})
    void the_challenge_is_what_every_client_takes_without_any_setting(String host) {
        var values = parse(challenge(host).missing());
        assertThat(values).containsOnlyKeys("authorization", "resource");
        var resource = URI.create(String.valueOf(values.get("resource")));
        assertThat(host).as("with the port, as Go and Python compare").endsWith("." + resource.getAuthority());
        assertThat(resource.getPath()).isEmpty();
        var authorization = URI.create(String.valueOf(values.get("authorization")));
        assertThat(authorization.getScheme()).isEqualTo("https");
        assertThat(authorization.getAuthority()).isEqualTo("login." + resource.getAuthority());
        assertThat(authorization.getPath())
                .as("JavaScript takes all of it as the tenant")
                .isEqualTo("/adfs");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 99, 999, 1_800_000_000L, 18_000_000_000L})
    void a_token_that_is_of_no_use_is_forgotten_by_clients_that_know_claims(long second) {
        var values = parse(challenge("payments.vault.svc.cluster.local").stale(Instant.ofEpochSecond(second)));
        assertThat(values).containsKeys("authorization", "resource").containsEntry("error", "insufficient_claims");
        assertThat(new String(Base64.getDecoder().decode(values.get("claims")), US_ASCII).strip())
                .isEqualTo("{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"" + second + "\"}}}");
    }
}
