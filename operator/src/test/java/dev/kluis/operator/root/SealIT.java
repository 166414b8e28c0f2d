package dev.kluis.operator.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.operator.Kluis;
import dev.kluis.operator.Phase;
import dev.kluis.operator.SealSettings;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.RootRotation;
import dev.kluis.vault.seal.ShareFile;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both kinds of seal on a real API server. */
class SealIT {

    private final TestOperator operator = TestOperator.shared();
    private final SecureRandom random = new SecureRandom();

    private VaultSecret secretInNewVault() {
        String ns = ApiServer.shared().newNamespace("seal");
        String vault = "v" + ns.substring(ns.length() - 8);
        operator.awaitReady(operator.vault(ns, vault));
        return operator.awaitReady(
                operator.secret(ns, "db", "vaultRef: {name: %s}\nsource: {generate: {}}".formatted(vault)));
    }

    private Secret rootKey() {
        return operator.client()
                .secrets()
                .inNamespace(operator.namespace())
                .withName(RootKey.NAME)
                .get();
    }

    @Test
    void the_root_key_is_replaced_while_kluis_serves_when_the_annotation_asks() {
        var secret = secretInNewVault();
        var before = rootKey();
        operator.annotate(before, RootKey.ROTATE, "now");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> rootKey().getData().size() == before.getData().size() + 1
                        && operator.kluis()
                                .rootRotation()
                                .filter(progress -> progress.rotating() && progress.done() == progress.total())
                                .isPresent());
        assertThat(rootKey().getMetadata().getAnnotations()).containsEntry(RootKey.ROTATED, "now");
        operator.restart();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> operator.kluis()
                        .rootRotation()
                        .flatMap(RootRotation.Progress::quietSince)
                        .isPresent());
        operator.later(
                RootRotation.QUIET.multipliedBy(2),
                () -> await().atMost(Duration.ofSeconds(30))
                        .until(() -> rootKey().getData().size() == 1));

        assertThat(operator.audit().stream()
                        .filter(line -> line.target() == Installation.SEAL)
                        .map(line -> line.operation() + " " + line.result().type()))
                .contains("SealUnseal Success")
                .containsSubsequence(
                        "RootRotate Begun", "RootRotate Success", "RootRetire Begun", "RootRetire Success");
        assertThat(rootKey().getData())
                .doesNotContainKeys(before.getData().keySet().toArray(String[]::new));
        operator.restart();
        assertThat(operator.kluis().vault().orElseThrow().quarantined()).isEmpty();
        assertThat(operator.awaitReady(secret).getStatus().currentVersion).isEqualTo(secret.getStatus().currentVersion);
    }

    @Test
    void with_officers_kluis_is_sealed_after_each_start_and_says_so_where_a_user_looks() {
        String ns = ApiServer.shared().newNamespace("team");
        var vault = operator.awaitReady(operator.vault(ns, "v" + ns.substring(ns.length() - 8)));
        var officers = Stream.generate(() -> RecipientKeyPair.generate(random))
                .limit(3)
                .toList();
        operator.stop();
        try {
            List<String> files;
            try (var kluis = sealed()) {
                await().until(() -> kluis.phase() == Phase.SEALED);
                assertThat(kluis.ready()).isFalse();
                assertThat(kluis.whySealed().orElseThrow()).contains("kluis unseal init");
                var shown = operator.awaitReason(vault, "Sealed");
                assertThat(TestOperator.message(shown)).contains("kluis unseal init");
                assertThat(TestOperator.condition(shown, "Ready")).isEqualTo("False");
                assertThat(TestOperator.condition(shown, "Stalled")).isEqualTo("True");
                assertThat(shown.getStatus().retention).isEqualTo("P90D");

                files = kluis.ceremonies()
                        .orElseThrow()
                        .init(
                                2,
                                officers.stream()
                                        .map(RecipientKeyPair::publicKey)
                                        .toList());
                submit(kluis, officers, files, 1);
                await().until(() -> kluis.whySealed()
                        .filter(why -> why.contains("2 of 3 suffice and 1 are there"))
                        .isPresent());
                assertThat(kluis.phase()).isEqualTo(Phase.SEALED);
                submit(kluis, officers, files, 3);
                await().atMost(Duration.ofSeconds(30)).until(kluis::ready);
                operator.awaitReady(vault);
            }
            try (var again = sealed()) {
                await().until(() -> again.phase() == Phase.SEALED);
                assertThatThrownBy(() -> again.ceremonies().orElseThrow().init(2, List.of()))
                        .isInstanceOf(VaultException.class)
                        .hasMessageContaining("unseal with its shares");
                submit(again, officers, files, 2);
                submit(again, officers, files, 3);
                await().atMost(Duration.ofSeconds(30)).until(again::ready);
                assertThat(again.vault().orElseThrow().quarantined()).isEmpty();
                assertThat(operator.awaitReady(vault).getStatus().sealingKey).isNotNull();
            }
        } finally {
            operator.start();
            operator.awaitReady();
        }
    }

    private Kluis sealed() {
        operator.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("kluis-officers")
                        .endMetadata()
                        .build())
                .serverSideApply();
        return operator.start("kluis-officers", SealSettings.of(SealSettings.Kind.SHAMIR));
    }

    private void submit(Kluis kluis, List<RecipientKeyPair> officers, List<String> files, int index) {
        var ceremonies = kluis.ceremonies().orElseThrow();
        var key = ceremonies.view().ceremony().orElseThrow().key();
        try {
            ceremonies.submit(ShareFile.parse(files.get(index - 1)).submission(officers.get(index - 1), key, random));
        } catch (SealedBytesException e) {
            throw new AssertionError(e);
        }
    }
}
