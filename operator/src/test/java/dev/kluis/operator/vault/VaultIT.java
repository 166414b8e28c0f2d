package dev.kluis.operator.vault;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VaultIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("vault");
    private final String name = "v" + ns.substring(ns.length() - 8);

    private Vault apply(String spec) {
        return operator.apply(Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec));
    }

    private void secret(String secret) {
        operator.awaitReady(operator.secret(ns, secret, "vaultRef: {name: " + name + "}\nsource: {generate: {}}"));
    }

    private void awaitDeleted() {
        await().until(() -> operator.kluis()
                .vault()
                .orElseThrow()
                .summary(ObjectId.vault(new VaultId(ns, name)))
                .filter(summary -> summary.lifecycle() instanceof Lifecycle.Deleted)
                .isPresent());
    }

    @Test
    void a_vault_shows_the_values_in_force_and_where_it_will_be_reached() {
        var vault = operator.awaitReady(apply("{offline: P1D}"));

        assertThat(vault.getStatus().uri).isEqualTo("https://" + name + ".vault.svc.cluster.local");
        assertThat(vault.getStatus().sku).isEqualTo("Standard");
        assertThat(vault.getStatus().retention).isEqualTo("P90D");
        assertThat(vault.getStatus().purgeProtection).isFalse();
        assertThat(vault.getStatus().offline).isEqualTo("P1D");
        assertThat(vault.getSpec().retention).as("no defaults in the spec").isNull();
        assertThat(condition(vault, "Ready")).isEqualTo("True");
        assertThat(vault.getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void it_counts_its_objects() {
        var vault = operator.awaitReady(apply("{}"));
        secret("a");
        secret("b");
        operator.awaitStatus(vault, now -> now.getStatus().objects.secrets == 2);
        operator.delete(operator.secret(ns, "b", "vaultRef: {name: " + name + "}\nsource: {generate: {}}"));

        operator.awaitStatus(
                vault, now -> now.getStatus().objects.secrets == 1 && now.getStatus().objects.deleted == 1);
    }

    @Test
    void the_name_of_a_vault_is_first_come_in_the_whole_cluster() {
        operator.awaitReady(apply("{}"));
        String other = ApiServer.shared().newNamespace("vault");
        var second = operator.awaitReason(operator.vault(other, name), "Conflict");

        assertThat(message(second)).contains("'" + name + "'").doesNotContain(ns);
        assertThat(condition(second, "Stalled")).isEqualTo("True");
    }

    @Test
    void a_deleted_vault_keeps_its_name_and_comes_back_with_what_was_in_it() {
        var vault = operator.awaitReady(apply("{}"));
        secret("db");
        operator.awaitStatus(vault, now -> now.getStatus().objects.secrets == 1);
        operator.delete(vault);
        awaitDeleted();
        String other = ApiServer.shared().newNamespace("vault");
        operator.awaitReason(operator.vault(other, name), "Conflict");

        var again = operator.awaitReady(apply("{}"));
        operator.awaitStatus(again, now -> now.getStatus().objects.secrets == 1);
    }

    @Test
    void a_vault_made_again_with_another_retention_says_which_it_has() {
        var vault = operator.awaitReady(apply("{retention: P7D}"));
        operator.delete(vault);
        awaitDeleted();

        var again = operator.awaitReason(apply("{retention: P30D}"), "Conflict");
        assertThat(message(again)).contains("retention is fixed at creation: this vault has P7D");
    }

    @Test
    void a_vault_made_again_without_its_purge_protection_is_refused() {
        var vault = operator.awaitReady(apply("{purgeProtection: true}"));
        operator.delete(vault);
        awaitDeleted();

        var again = operator.awaitReason(apply("{}"), "Conflict");
        assertThat(message(again)).contains("purge protection cannot be turned off");
    }

    @Test
    void a_deleted_vault_is_purged_at_its_date_and_not_before() {
        var vault = operator.awaitReady(apply("{retention: P7D, purgeProtection: true}"));
        secret("db");
        operator.delete(vault);
        awaitDeleted();
        var engine = operator.kluis().vault().orElseThrow();
        var clockwork = new dev.kluis.vault.Clockwork(
                engine,
                (id, failure) -> {
                    throw new AssertionError(failure);
                },
                (what, key, version) -> {});

        operator.later(Duration.ofDays(6), clockwork::purgeDue);
        awaitDeleted();
        operator.later(Duration.ofDays(8), () -> {
            clockwork.purgeDue();
            await().until(() ->
                    engine.summary(ObjectId.secret(new VaultId(ns, name), "db")).isEmpty());
        });

        String other = ApiServer.shared().newNamespace("vault");
        operator.awaitReady(operator.vault(other, name));
    }
}
