package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import dev.kluis.fuzz.Fuzz;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.vault.Caller;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Access tokens of whoever reaches the port: one that Kluis did not sign opens nothing, whatever it looks like. */
@Tag("fuzz")
class AccessTokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
    private static final Caller CALLER = new Caller.ServiceAccount("team", "app", "uid-1", Optional.empty());

    private final AccessTokens tokens = Tokens.of(() -> NOW, "root");

    /** Random parts are in a token: what a corpus keeps is what was made by other roots, which is as good here. */
    private String token() {
        return tokens.issue(CALLER, new Evidence.ClientSecret("ci", "0".repeat(32)), "c", Tokens.AUDIENCE, Instant.MAX)
                .token();
    }

    @Test
    void a_token_is_opened_or_refused() {
        String good = token();
        Fuzz.of("access-token")
                .good("client", good)
                .words(".", "..", "e30", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9", "=", "-", "_", "\u0000")
                .refusing(AuthenticationException.class)
                .run(input -> {
                    String text = new String(input, UTF_8);
                    AccessTokens.claimsToBeOne(text);
                    assertThat(tokens.open(text).uid()).isEqualTo("uid-1");
                    assertThat(text).isEqualTo(good);
                });
    }

    /** Claims that are signed: they come from Kluis itself, or from one that has another version. */
    @Test
    void signed_claims_are_taken_or_refused() throws ParseException {
        var signed = JWSObject.parse(token());
        var key = TokenKey.of(Tokens.seal("root")).getFirst();
        Fuzz.of("access-token-claims")
                .good("client", signed.getPayload().toString())
                .words(
                        "\"exp\":",
                        "\"aud\":[",
                        "\"proof\":\"a.b.c.d.e\"",
                        "\"oid\":null",
                        "1e400",
                        "-1",
                        "{",
                        "[",
                        "[[[[[[[[")
                .words("\"nbf\":\"x\"", "9223372036854775807", "null", "true", "\\ud800")
                .refusing(AuthenticationException.class)
                .run(input -> assertThat(tokens.open(sign(signed.getHeader(), key, input))
                                .expires())
                        .isAfter(NOW));
    }

    private static String sign(JWSHeader header, TokenKey key, byte[] claims) {
        try {
            var token = new JWSObject(header, new Payload(claims));
            token.sign(key.signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
