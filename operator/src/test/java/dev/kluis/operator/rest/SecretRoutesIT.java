package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The secrets API over HTTPS, as Key Vault's contract has it. */
class SecretRoutesIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("rest");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String base = "/vaults/" + ns + "/" + vault;
    private Api officer;

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "officer", "Secrets Officer");
        officer = Api.as(operator, ns, "officer");
    }

    @Test
    void a_secret_is_set_and_read_and_every_set_is_a_version() {
        var first = officer.put(base + "/secrets/Db-Password", """
                {"value":"één \\ud83d\\udd11","contentType":"text/plain","tags":{"owner":"billing"},
                 "attributes":{"enabled":true,"nbf":1700000000,"exp":4000000000}}""");
        assertThat(first.status()).as(first.response().body()).isEqualTo(200);
        assertThat(first.body().path("value").asText()).isEqualTo("één 🔑");
        String id = first.body().path("id").asText();
        assertThat(id).matches("https://localhost:[0-9]+" + base + "/secrets/db-password/[0-9a-f]{32}");
        assertThat(first.body().path("contentType").asText()).isEqualTo("text/plain");
        assertThat(first.body().path("tags").path("owner").asText()).isEqualTo("billing");
        var attributes = first.body().path("attributes");
        assertThat(attributes.path("nbf").asLong()).isEqualTo(1_700_000_000);
        assertThat(attributes.path("exp").asLong()).isEqualTo(4_000_000_000L);
        assertThat(attributes.path("recoveryLevel").asText()).isEqualTo("Recoverable+Purgeable");
        assertThat(attributes.path("recoverableDays").asInt()).isEqualTo(90);
        assertThat(attributes.path("created").isIntegralNumber()).isTrue();

        var second = officer.put(base + "/secrets/db-password", "{\"value\":\"two\"}");
        var current = officer.get(base + "/secrets/DB-PASSWORD/");
        assertThat(current.body().path("value").asText()).isEqualTo("two");
        assertThat(current.body().path("id")).isEqualTo(second.body().path("id"));
        assertThat(current.body().path("previousVersion").asText()).isEqualTo(last(id));
        var old = officer.get(base + "/secrets/db-password/" + last(id));
        assertThat(old.body().path("value").asText()).isEqualTo("één 🔑");
    }

    @Test
    void an_update_changes_what_is_given_and_leaves_the_rest() {
        var set = officer.put(base + "/secrets/s", "{\"value\":\"v\",\"contentType\":\"a\",\"tags\":{\"k\":\"1\"}}");
        var patched = officer.send(
                "PATCH",
                base + "/secrets/s/" + last(set.body().path("id").asText()),
                "{\"attributes\":{\"enabled\":false}}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.body().has("value")).isFalse();
        assertThat(patched.body().path("contentType").asText()).isEqualTo("a");
        assertThat(patched.body().path("tags").path("k").asText()).isEqualTo("1");
        var refused = officer.get(base + "/secrets/s");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.inner()).isEqualTo("SecretDisabled");
    }

    @Test
    void a_deleted_secret_is_found_among_the_deleted_recovered_and_purged() {
        officer.put(base + "/secrets/s", "{\"value\":\"v\"}");
        var deleted = officer.delete(base + "/secrets/s");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.body().path("recoveryId").asText()).endsWith(base + "/deletedsecrets/s");
        assertThat(deleted.body().path("scheduledPurgeDate").asLong()
                        - deleted.body().path("deletedDate").asLong())
                .isEqualTo(90 * 24 * 3600);
        assertThat(deleted.body().path("attributes").path("recoveryLevel").asText())
                .isEqualTo("Recoverable+Purgeable");
        assertThat(officer.get(base + "/secrets/s").code()).isEqualTo("SecretNotFound");
        var again = officer.put(base + "/secrets/s", "{\"value\":\"w\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.inner()).isEqualTo("ObjectIsDeletedButRecoverable");
        assertThat(officer.get(base + "/deletedsecrets/s").status()).isEqualTo(200);
        assertThat(officer.get(base + "/deletedsecrets").body().path("value")).hasSize(1);

        var recovered = officer.send("POST", base + "/deletedsecrets/s/recover", "");
        assertThat(recovered.status()).isEqualTo(200);
        assertThat(officer.get(base + "/secrets/s").body().path("value").asText())
                .isEqualTo("v");

        officer.delete(base + "/secrets/s");
        var purged = officer.delete(base + "/deletedsecrets/s");
        assertThat(purged.status()).isEqualTo(204);
        assertThat(purged.response().body()).isEmpty();
        assertThat(officer.get(base + "/deletedsecrets/s").status()).isEqualTo(404);
    }

    @Test
    void lists_come_in_pages_whose_links_lead_through_all() {
        for (int i = 0; i < 7; i++) {
            officer.put(base + "/secrets/s" + i, "{\"value\":\"v\"}");
        }
        assertThat(names(base + "/secrets?maxresults=3&api-version=7.4"))
                .containsExactly("s0", "s1", "s2", "s3", "s4", "s5", "s6");
        officer.put(base + "/secrets/s0", "{\"value\":\"w\"}");
        assertThat(officer.get(base + "/secrets/s0/versions").body().path("value"))
                .hasSize(2);
        assertThat(officer.get(base + "/secrets?maxresults=26").code()).isEqualTo("BadParameter");
        assertThat(officer.get(base + "/secrets?$skiptoken=!").code()).isEqualTo("BadParameter");
    }

    private List<String> names(String path) {
        var names = new ArrayList<String>();
        String next = path;
        while (next != null) {
            var page = officer.get(next).body();
            page.path("value").forEach(item -> {
                assertThat(item.has("value")).isFalse();
                names.add(last(item.path("id").asText()));
            });
            String link = page.path("nextLink").textValue();
            next = link == null ? null : link.substring(officer.url().length());
        }
        return names;
    }

    private static String last(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }
}
