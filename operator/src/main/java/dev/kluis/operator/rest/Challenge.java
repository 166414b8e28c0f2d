package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Base64;

/**
 * What a client is told whose token does not do (RFC 9110 §11.6.1). The form is the one that every Key Vault client
 * understands: quoted, a comma and a space between, no equals sign in a value, the tenant one segment without a slash at its
 * end, the resource the domain that the vault's host is in.
 */
record Challenge(Authority authority, String tenant) {

    private static final int GROUP = 3;

    /** Where a token is to be had. */
    String missing() {
        return authority.vault().isPresent()
                ? "Bearer authorization=\"https://login." + authority.parent() + "/" + tenant
                        + "\", resource=\"https://" + authority.parent() + "\""
                : "Bearer realm=\"kluis\"";
    }

    /**
     * The access token is of no use any more, though its time may not be over: clients forget it and ask for one that is
     * newer (OpenID Connect Core 1.0 §5.5.1, as Azure's continuous access evaluation has it).
     */
    String stale(Instant now) {
        if (authority.vault().isEmpty()) {
            return missing() + ", error=\"invalid_token\"";
        }
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"" + now.getEpochSecond() + "\"}}}";
        // In whole groups, so that its base64 has no equals sign.
        String padded = claims + " ".repeat((GROUP - claims.length() % GROUP) % GROUP);
        return missing() + ", error=\"insufficient_claims\", claims=\""
                + Base64.getEncoder().encodeToString(padded.getBytes(US_ASCII)) + "\"";
    }
}
