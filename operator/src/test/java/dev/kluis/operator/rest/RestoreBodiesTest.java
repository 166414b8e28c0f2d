package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.access.Role;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client may send to be restored, and who may send it. */
class RestoreBodiesTest {

    private static InVault as(Role role) throws InterruptedException {
        var routes = new ArrayList<>(BackupRoutes.ofObjects());
        routes.addAll(SecretRoutes.routes());
        return new InVault(role, routes);
    }

    @Test
    void who_may_restore_nothing_is_refused_without_a_look_at_the_body() throws InterruptedException {
        try (var vault = as(Role.SECRETS_USER)) {
            for (String path : List.of("/secrets/restore", "/keys/restore")) {
                for (String body : List.of("no JSON", "{\"value\":\"AAAA\"}")) {
                    var refused = vault.call("POST", path, body);
                    assertThat(refused.status()).as(path + body).isEqualTo(403);
                    assertThat(refused.inner()).isEqualTo("ForbiddenByRbac");
                }
            }
        }
        try (var vault = as(Role.SECRETS_OFFICER)) {
            assertThat(vault.call("POST", "/keys/restore", "no JSON").status()).isEqualTo(403);
            assertThat(vault.call("POST", "/secrets/restore", "no JSON").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void a_blob_is_base64url_padded_or_not_and_nothing_else() throws InterruptedException {
        try (var vault = as(Role.SECRETS_OFFICER)) {
            for (int length : new int[] {1, 2, 3, 9000}) {
                assertThat(vault.call("PUT", "/secrets/s" + length, "{\"value\":\"" + "v".repeat(length) + "\"}")
                                .status())
                        .isEqualTo(200);
                String blob = vault.call("POST", "/secrets/s" + length + "/backup", "")
                        .body()
                        .path("value")
                        .asText();
                String padded = Base64.getUrlEncoder()
                        .encodeToString(Base64.getUrlDecoder().decode(blob));
                for (String good : List.of(blob, padded)) {
                    assertThat(restore(vault, good).inner())
                            .as("it is read, and there")
                            .isEqualTo("");
                    var there = restore(vault, good);
                    assertThat(there.status()).as(there.message()).isEqualTo(409);
                }
                for (String bad : List.of(
                        blob + "!",
                        blob + "====",
                        " " + blob,
                        blob.substring(0, 8) + " " + blob.substring(8),
                        "+/+/")) {
                    var refused = restore(vault, bad);
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.message()).contains("base64url").doesNotContain(blob.substring(0, 8));
                }
            }
            var notUtf8 =
                    vault.call("POST", "/secrets/restore", new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'});
            assertThat(notUtf8.message()).isEqualTo("the body is not UTF-8");
        }
    }

    @Test
    void a_blob_is_found_wherever_json_lets_it_be_and_however_it_lets_it_be_written() throws InterruptedException {
        try (var vault = as(Role.SECRETS_OFFICER)) {
            vault.call("PUT", "/secrets/s", "{\"value\":\"" + "v".repeat(20_001) + "\"}");
            String blob = vault.call("POST", "/secrets/s/backup", "")
                    .body()
                    .path("value")
                    .asText();
            String padded =
                    Base64.getUrlEncoder().encodeToString(Base64.getUrlDecoder().decode(blob));
            String last = blob.substring(blob.length() - 1);
            for (String body : List.of(
                    "\n\t { \"value\" \n:\r\n  \"" + blob + "\" } \n",
                    "{\"other\":{\"value\":\"AAAA\"},\"value\":\"" + blob + "\",\"more\":[\"\\\"\"]}",
                    "{\"" + "\u00e9\ud83d\udd11".repeat(100) + "\":\"" + "\u00e9".repeat(9000) + "\",\"value\":\""
                            + blob + "\"}",
                    "{\"val\\u0075e\":\"" + escaped(blob.charAt(0)) + blob.substring(1) + "\"}",
                    "{\"value\":\"" + blob.substring(0, blob.length() - 1) + escaped(last.charAt(0)) + "\"}",
                    "{\"value\":\"" + padded.replace("=", escaped('=')) + "\"}")) {
                var there = vault.call("POST", "/secrets/restore", body);
                assertThat(there.status()).as(there.message()).isEqualTo(409);
            }
            for (String body : List.of(
                    "{\"value\":\"" + blob + "\",\"value\":\"" + blob + "\"}",
                    "{\"value\":\"" + blob + "\"} x",
                    "{\"value\":\"" + blob + "\"",
                    "{\"value\":\"" + blob + "\n\"}",
                    "{\"value\":\"" + blob + "\\n\"}",
                    "{\"value\":\"" + escaped(' ') + blob + "\"}",
                    "{\"value\":\"" + escaped('\u0161') + blob.substring(1) + "\"}",
                    "{\"value\":\"\u0161" + blob.substring(1) + "\"}",
                    "{\"value\":[\"" + blob + "\"]}",
                    "{\"value\":1234}",
                    "{\"value\":null}",
                    "{\"value\":\"\"}",
                    "{}")) {
                var refused = vault.call("POST", "/secrets/restore", body);
                assertThat(refused.status())
                        .as(body.substring(0, Math.min(20, body.length())))
                        .isEqualTo(400);
                assertThat(refused.code()).isEqualTo("BadParameter");
            }
        }
    }

    private static String escaped(char one) {
        return "\\u%04x".formatted((int) one);
    }

    private static InVault.Answer restore(InVault vault, String blob) {
        return vault.call("POST", "/secrets/restore", "{\"value\":\"" + blob + "\"}");
    }
}
