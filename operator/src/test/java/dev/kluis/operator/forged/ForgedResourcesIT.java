package dev.kluis.operator.forged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only Kluis writes, written by somebody else. */
class ForgedResourcesIT {

    private static final String FORGED = "00".repeat(16);

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("forged");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @BeforeEach
    void makeVault() {
        operator.awaitReady(operator.vault(ns, vault));
    }

    private VaultSecret generated(String name) {
        return operator.secret(ns, name, "vaultRef: {name: " + vault + "}\nsource: {generate: {}}");
    }

    private Vault engine() {
        return operator.kluis().vault().orElseThrow();
    }

    private ObjectId id(String name) {
        return ObjectId.secret(new VaultId(ns, vault), name);
    }

    @Test
    void attack_07_a_forged_status_changes_nothing_and_does_not_last() {
        var secret = operator.awaitReady(generated("db"));
        String version = secret.getStatus().currentVersion;
        operator.client().resource(secret).editStatus(now -> {
            now.getStatus().currentVersion = FORGED;
            now.getStatus().versions = 400;
            now.getStatus().observedGeneration = 99L;
            now.getStatus().uri = "https://elsewhere.example.com/secrets/db";
            return now;
        });
        assertThat(engine().summary(id("db")).orElseThrow().currentVersion()).contains(version);

        operator.annotate(secret, "kluis.dev/rotate", "1");
        var after = operator.awaitStatus(secret, now -> Integer.valueOf(2).equals(now.getStatus().versions));
        assertThat(engine().summary(id("db")).orElseThrow().currentVersion())
                .contains(String.valueOf(after.getStatus().currentVersion));
        assertThat(after.getStatus().uri).isEqualTo("https://" + vault + ".vault.svc.cluster.local/secrets/db");
        assertThat(after.getStatus().observedGeneration)
                .isEqualTo(after.getMetadata().getGeneration());
    }

    private StoreRecord planted() {
        var record = new StoreRecord();
        record.setMetadata(new ObjectMetaBuilder()
                .withNamespace(operator.namespace())
                .withName(
                        nameOf(operator
                                .client()
                                .resources(StoreRecord.class)
                                .inNamespace(operator.namespace())
                                .list()
                                .getItems()
                                .stream()
                                .filter(one -> one.getSpec().object.equals(id("db").toString()))
                                .findFirst()
                                .orElseThrow()))
                .build());
        record.setSpec(new StoreRecord.Sealed());
        record.getSpec().object = id("db").toString();
        record.getSpec().header = Base64.getEncoder().encodeToString(new byte[] {'K', 'L', 'R', 1});
        record.getSpec().sealed = Base64.getEncoder().encodeToString(new byte[100]);
        return record;
    }

    private static String nameOf(StoreRecord record) {
        return record.getMetadata().getName();
    }

    @Test
    void attack_08_who_may_edit_a_tenants_namespace_makes_no_record() {
        operator.awaitReady(generated("db"));
        operator.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("editor")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                        .addNewSubject("rbac.authorization.k8s.io", "User", "editor", null)
                        .build())
                .create();
        var asEditor = new ConfigBuilder(operator.client().getConfiguration())
                .withImpersonateUsername("editor")
                .build();
        try (var editor = new KubernetesClientBuilder().withConfig(asEditor).build()) {
            for (String where : new String[] {operator.namespace(), ns}) {
                var record = planted();
                record.getMetadata().setNamespace(where);
                assertThatThrownBy(() -> editor.resource(record).create())
                        .isInstanceOfSatisfying(
                                KubernetesClientException.class,
                                e -> assertThat(e.getCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN));
            }
        }
    }

    @Test
    void attack_08_a_record_that_is_forced_in_is_inert() {
        operator.awaitReady(generated("db"));
        var other = operator.awaitReady(generated("other"));
        var record = planted();
        record.getMetadata().setNamespace(ns);
        operator.client().resource(record).create();

        record.getMetadata().setNamespace(operator.namespace());
        record.getMetadata().setName("secret-" + "0".repeat(40));
        record.getSpec().object = id("planted").toString();
        operator.client().resource(record).create();

        var planted = operator.awaitReady(generated("planted"));
        assertThat(planted.getStatus().versions).isOne();
        operator.annotate(other, "kluis.dev/rotate", "1");
        operator.awaitStatus(other, now -> now.getStatus().versions == 2);
        await().untilAsserted(() -> assertThat(engine().quarantined()).noneMatch(id("db")::equals));
        operator.client().resource(record).delete();
    }
}
