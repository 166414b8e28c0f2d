package dev.kluis.operator.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store's etcd has no space left. */
class FullStoreIT {

    private final ApiServer server = ApiServer.shared();
    private final TestOperator operator = TestOperator.shared();
    private final String ns = server.newNamespace("full");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String secret = "/vaults/" + ns + "/" + vault + "/secrets/db";

    @BeforeEach
    void aVaultWithASecret() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "admin", "Administrator");
        assertThat(set(admin(), "one").status()).isEqualTo(200);
    }

    private Api admin() {
        return Api.as(operator, ns, "admin");
    }

    private Api.Answer set(Api api, String value) {
        return api.put(secret, "{\"value\":\"" + value + "\"}");
    }

    private String get(Api api) {
        return api.get(secret).body().path("value").asText();
    }

    @Test
    void attack_20_without_space_a_write_is_refused_whole_and_all_that_is_there_is_served() {
        var admin = admin();
        server.whileFull(() -> {
            var refused = set(admin, "two");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body().toString()).contains("StoreUnavailable").doesNotContain("two");
            assertThat(get(admin)).isEqualTo("one");
        });

        assertThat(get(admin)).isEqualTo("one");
        assertThat(set(admin, "three").status()).isEqualTo(200);
        assertThat(get(admin)).isEqualTo("three");
        assertThat(admin.get(secret + "/versions").body().path("value")).hasSize(2);
        assertThat(operator.kluis().vault().orElseThrow().quarantined())
                .noneMatch(id -> id.vault().namespace().equals(ns));
    }

    @Test
    void attack_20_without_space_the_operator_starts_and_serves_what_is_there() {
        operator.stop();
        server.whileFull(() -> {
            operator.start();
            operator.awaitReady();
            assertThat(get(admin())).isEqualTo("one");
        });

        assertThat(set(admin(), "two").status()).isEqualTo(200);
        assertThat(get(admin())).isEqualTo("two");
    }
}
