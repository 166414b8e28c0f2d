package dev.kluis.vault.object;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.VaultException;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens of pages, which clients bring back or invent. */
@Tag("fuzz")
class PageTokenFuzzTest {

    private static String token(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(US_ASCII));
    }

    private static void refusedAsBad(VaultException e) {
        assertThat(e.code()).isEqualTo(VaultException.Code.BAD_PARAMETER);
    }

    @Test
    void a_place_among_secrets_is_read_or_refused() {
        Fuzz.of("page-token")
                .good("secret", token("db-password"))
                .words("-", "_", "=", "AA", "LTk5", "MTIz")
                .refusing(VaultException.class)
                .run(input -> {
                    try {
                        assertThat(ObjectLists.name(new String(input, UTF_8))).matches("[0-9a-z-]+");
                    } catch (VaultException e) {
                        refusedAsBad(e);
                        throw e;
                    }
                });
    }

    /** What is in the token, so that changes are of times and not of base64. */
    @Test
    void a_place_among_versions_is_read_or_refused() {
        Fuzz.of("page-token-versions")
                .good("version", "1767323045678/00112233445566778899aabbccddeeff")
                .good("before-1970", "-1/00112233445566778899aabbccddeeff")
                .words("999999999999999999", "-999999999999999999", "/", "0", "+")
                .refusing(VaultException.class)
                .run(input -> {
                    try {
                        ObjectLists.position(
                                Base64.getUrlEncoder().withoutPadding().encodeToString(input));
                    } catch (VaultException e) {
                        refusedAsBad(e);
                        throw e;
                    }
                });
    }
}
