package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backup and restore over HTTPS. */
class BackupRoutesIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("rest-backup");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String base = "/vaults/" + ns + "/" + vault;
    private Api officer;

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        officer = as("Secrets Officer", "officer");
    }

    private Api as(String role, String account) {
        operator.grant(ns, vault, account, role);
        return Api.as(operator, ns, account);
    }

    @Test
    void a_secret_is_backed_up_and_restored_with_its_versions() {
        officer.put(base + "/secrets/s", "{\"value\":\"one\"}");
        var second = officer.put(base + "/secrets/s", "{\"value\":\"two\"}");
        var blob = officer.send("POST", base + "/secrets/s/backup", "");
        assertThat(blob.status()).isEqualTo(200);
        String body = "{\"value\":\"" + blob.body().path("value").asText() + "\"}";

        assertThat(officer.send("POST", base + "/secrets/restore", body).status())
                .isEqualTo(409);
        officer.delete(base + "/secrets/s");
        assertThat(officer.send("POST", base + "/secrets/restore", body).inner())
                .isEqualTo("ObjectIsDeletedButRecoverable");
        officer.delete(base + "/deletedsecrets/s");
        var restored = officer.send("POST", base + "/secrets/restore", body);

        assertThat(restored.status()).isEqualTo(200);
        assertThat(restored.body().path("id")).isEqualTo(second.body().path("id"));
        assertThat(restored.body().has("value")).isFalse();
        assertThat(officer.get(base + "/secrets/s").body().path("value").asText())
                .isEqualTo("two");
        assertThat(officer.get(base + "/secrets/s/versions").body().path("value"))
                .hasSize(2);
    }

    @Test
    void what_is_no_blob_is_a_bad_parameter() {
        for (var value : new String[] {"\"\"", "\"AAAA\"", "\"not base64!\"", "{}", "null"}) {
            var refused = officer.send("POST", base + "/secrets/restore", "{\"value\":" + value + "}");
            assertThat(refused.status()).as(value).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("BadParameter");
        }
    }

    @Test
    void only_an_administrator_asks_for_a_key_to_restore_a_vault() {
        assertThat(officer.send("POST", base + "/backup/restorekey", "").status())
                .isEqualTo(403);
        assertThat(officer.send("POST", base + "/backup/restore", "x").status()).isEqualTo(403);
        var admin = as("Administrator", "admin");
        var key = admin.send("POST", base + "/backup/restorekey", "");
        assertThat(key.body().path("recipient").asText()).startsWith("kluis-recipient1:");
        var refused = admin.send("POST", base + "/backup/restore", "not a file");
        assertThat(refused.status()).isEqualTo(400);
    }
}
