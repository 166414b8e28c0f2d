package dev.kluis.operator.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody puts the store's resources back while the operator is away, as a backup of a namespace does. */
class StoreRestoreIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("rollback");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    private List<StoreRecord> records() {
        return operator
                .client()
                .resources(StoreRecord.class)
                .inNamespace(operator.namespace())
                .list()
                .getItems()
                .stream()
                .filter(record -> (record.getSpec().object + "/").startsWith(ns + "/" + vault + "/"))
                .toList();
    }

    private void checkpoint() {
        operator.kluis().vault().orElseThrow().checkpoint();
    }

    private void putBack(StoreRecord old) {
        operator.client()
                .resources(StoreRecord.class)
                .inNamespace(operator.namespace())
                .withName(old.getMetadata().getName())
                .edit(now -> {
                    now.setSpec(old.getSpec());
                    return now;
                });
    }

    @Test
    void attack_20_a_store_that_was_put_back_is_refused_until_an_administrator_accepts_it() {
        var declared = operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "admin", "Administrator");
        var admin = Api.as(operator, ns, "admin");
        String base = "/vaults/" + ns + "/" + vault;
        assertThat(admin.put(base + "/secrets/db", "{\"value\":\"one\"}").status())
                .isEqualTo(200);
        checkpoint();
        var old = records();
        admin.put(base + "/secrets/db", "{\"value\":\"two\"}");
        checkpoint();

        operator.stop();
        old.forEach(this::putBack);
        operator.start();
        operator.awaitReady();
        var refused = operator.awaitReason(declared, "RecordUnreadable");
        assertThat(refused.getStatus().conditions.toString())
                .contains("kluis vault accept-restore " + ns + "/" + vault);
        var again = Api.as(operator, ns, "admin");
        assertThat(again.get(base + "/secrets/db").status()).isGreaterThanOrEqualTo(400);

        assertThat(again.send("POST", base + "/acceptrestore", "").status()).isEqualTo(204);
        assertThat(again.get(base + "/secrets/db").body().path("value").asText())
                .isEqualTo("one");
        operator.awaitReady(declared);
        assertThat(again.put(base + "/secrets/db", "{\"value\":\"three\"}").status())
                .isEqualTo(200);
    }
}
