package dev.kluis.operator.identity;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Optional;

/** Signed JSON web tokens (RFC 7515 §7.1) in the one way that there is to write each. */
public final class CompactToken {

    private CompactToken() {}

    /**
     * The token, of which nothing is verified; nothing for what is none.
     *
     * <p>The library skips what is no base64url and takes any bits behind the last byte, so that whoever has one token could
     * write it in as many ways as he likes, each of which would be looked at anew.
     */
    public static Optional<SignedJWT> parse(String token) {
        try {
            var signed = SignedJWT.parse(token);
            boolean oneWay = token.equals(signed.serialize())
                    && Base64URL.encode(signed.getSignature().decode()).equals(signed.getSignature());
            return oneWay ? Optional.of(signed) : Optional.empty();
        } catch (ParseException | IllegalArgumentException e) {
            // The cause would quote the token.
            return Optional.empty();
        }
    }
}
