package dev.kluis.operator.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.Phase;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.root.RootKey;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("restart");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    private dev.kluis.crds.v1alpha1.VaultSecret secret(String name) {
        return operator.secret(ns, name, "vaultRef: {name: " + vault + "}\nsource: {generate: {}}");
    }

    @Test
    void after_a_restart_everything_is_as_it_was_and_what_happened_meanwhile_is_found() {
        operator.awaitReady(operator.vault(ns, vault));
        var kept = operator.awaitReady(secret("kept"));
        var deleted = operator.awaitReady(secret("deleted"));
        operator.stop();
        operator.delete(deleted);
        operator.annotate(kept, "kluis.dev/rotate", "while it was away");
        var added = secret("added");
        operator.start();
        operator.awaitReady();

        operator.awaitReady(added);
        var rotated = operator.awaitStatus(kept, now -> now.getStatus().versions == 2);
        assertThat(rotated.getStatus().currentVersion).isNotEqualTo(kept.getStatus().currentVersion);
        await().atMost(LIMIT)
                .until(() -> operator.kluis()
                        .vault()
                        .orElseThrow()
                        .summary(ObjectId.secret(new VaultId(ns, vault), "deleted"))
                        .filter(one -> one.lifecycle() instanceof Lifecycle.Deleted)
                        .isPresent());
    }

    @Test
    void without_its_root_key_it_is_sealed_and_makes_no_new_one() {
        operator.awaitReady(operator.vault(ns, vault));
        var before = operator.awaitReady(secret("db"));
        var secrets =
                operator.client().secrets().inNamespace(operator.namespace()).withName(RootKey.NAME);
        var root = secrets.get();
        operator.stop();
        secrets.delete();
        operator.start();
        try {
            await().atMost(LIMIT).until(() -> operator.kluis().phase() == Phase.SEALED);
            assertThat(operator.kluis().ready()).isFalse();
            assertThat(secrets.get()).isNull();
        } finally {
            root.getMetadata().setResourceVersion(null);
            root.getMetadata().setUid(null);
            operator.client().resource(root).create();
        }
        operator.awaitReady();

        assertThat(operator.awaitReady(secret("db")).getStatus().currentVersion)
                .isEqualTo(before.getStatus().currentVersion);
    }
}
