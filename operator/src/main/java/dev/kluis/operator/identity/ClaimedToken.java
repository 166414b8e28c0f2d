package dev.kluis.operator.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.operator.identity.AuthenticationException.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a token says of itself, and nothing of it is proved: for refusals that cost nothing and say what is wrong.
 *
 * @param audience for which it is to be reviewed
 * @param issuer absent is none that is a text
 * @param account whether it says that it is a ServiceAccount's
 */
record ClaimedToken(String audience, Instant expires, Optional<String> issuer, boolean account) {

    private static final String ACCOUNT_CLAIM = "kubernetes.io";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One that is for one of these audiences and has not expired. What audience another issuer's token has is for the API
     * server to judge.
     *
     * @throws AuthenticationException where it is none
     */
    static ClaimedToken current(String token, List<String> audiences, Instant now) {
        var claims = claims(token);
        boolean account = claims.has(ACCOUNT_CLAIM);
        String audience = account ? audience(claims.path("aud"), audiences) : audiences.getFirst();
        // Any number may stand there, also one that is no time.
        long seconds = Math.clamp(claims.path("exp").asLong(), 0, Instant.MAX.getEpochSecond());
        var expires = Instant.ofEpochSecond(seconds);
        if (!now.isBefore(expires)) {
            throw refused("the token has expired");
        }
        return new ClaimedToken(
                audience, expires, Optional.ofNullable(claims.path("iss").textValue()), account);
    }

    private static String audience(JsonNode said, List<String> audiences) {
        return audiences.stream()
                .filter(one -> said.isTextual()
                        ? said.asText().equals(one)
                        : said.valueStream().anyMatch(item -> item.asText().equals(one)))
                .findFirst()
                .orElseThrow(() ->
                        refused("the token is for another audience than '" + String.join("' and '", audiences) + "'"));
    }

    private static JsonNode claims(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length == 3) {
                return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            }
        } catch (IOException | IllegalArgumentException e) {
            // Said below; the cause would quote the token.
        }
        throw refused("this is not a ServiceAccount token, nor another JSON web token");
    }

    private static AuthenticationException refused(String why) {
        return new AuthenticationException(Kind.REFUSED, why);
    }
}
