package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.fuzz.Fuzz;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens of whoever reaches the port, before the API server reviews them. */
@Tag("fuzz")
class TokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static String token(String claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
    }

    private static void current(String token) {
        try {
            assertThat(ClaimedToken.current(token, List.of("kluis", "other"), NOW)
                            .expires())
                    .isAfter(NOW);
        } catch (AuthenticationException e) {
            assertThat(e.kind()).isEqualTo(AuthenticationException.Kind.REFUSED);
            throw e;
        }
    }

    @Test
    void a_token_is_current_or_refused() {
        Fuzz.of("token")
                .good("account", token("{\"aud\":[\"kluis\"],\"exp\":1900000000,\"kubernetes.io\":{}}"))
                .words(".", "-", "_", "=", "eyJ", "e30", "bnVsbA")
                .refusing(AuthenticationException.class)
                .run(input -> current(new String(input, UTF_8)));
    }

    /** What is in the token, so that changes are of claims and not of base64. */
    @Test
    void claims_are_current_or_refused() {
        Fuzz.of("token-claims")
                .good(
                        "account",
                        "{\"aud\":[\"kluis\"],\"exp\":1900000000,\"kubernetes.io\":{\"pod\":{\"name\":\"p\"}}}")
                .good("user", "{\"aud\":\"other\",\"exp\":1900000000,\"iss\":\"https://issuer\"}")
                .words("\"exp\":", "\"aud\":", "\"kluis\"", "9223372036854775807", "1e400", "-1", "null", "{}", "[]")
                .words("\"1900000000\"", "31556889864403200", "[[[[[[[[", "{\"a\":", "true", "\\ud800")
                .refusing(AuthenticationException.class)
                .run(input -> current(token(new String(input, UTF_8))));
    }

    /** Nothing but the one token that the key signed is the key's, in the one way that there is to write it. */
    @Test
    void a_signature_is_the_clusters_or_refused() throws Exception {
        String signed = "eyJraWQiOiJrIiwiYWxnIjoiRVMyNTYifQ."
                + "eyJpc3MiOiJodHRwczovL2NsdXN0ZXIudGVzdCIsImV4cCI6MTkwMDAwMDAwMH0."
                + "OcRsWkDNthXChYc3rsYIaTX2la7vvfzEJ3KNlnEwwTCBv4P1mHDQ9fiu6hepsWstQz42wXhOUDlyKsAvC2ji6A";
        var keys = PublishedKeys.parse("{\"issuer\":\"https://cluster.test\"}", """
                {"keys":[{"kty":"EC","crv":"P-256","kid":"k","alg":"ES256",
                "x":"T2zYOKyk5a5W7gK_NGee3MsRngLPikYjngu6NnzZdQE",
                "y":"RKCa2JpahKks_Z2ykxhhRVgOjqRAzfsXY0Tb_t2SQvo"}]}""");
        Fuzz.of("token-signature")
                .good("es256", signed)
                .words("eyJhbGciOiJub25lIn0", "eyJhbGciOiJFUzI1NiJ9", ".", "AA", "!", " ", "~", "=", "B")
                .words("eyJhbGciOiJFUzI1NiIsImNyaXQiOlsieCJdLCJ4IjoxfQ", "e30", "bnVsbA", "W10")
                .refusing(AuthenticationException.class)
                .run(input -> {
                    String token = new String(input, UTF_8);
                    if (CompactToken.parse(token).filter(keys::signed).isEmpty()) {
                        throw new AuthenticationException(AuthenticationException.Kind.REFUSED, "not signed");
                    }
                    assertThat(token).isEqualTo(signed);
                });
    }
}
