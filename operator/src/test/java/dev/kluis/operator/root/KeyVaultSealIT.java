package dev.kluis.operator.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.Phase;
import dev.kluis.operator.SealSettings;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.cli.LogCapture;
import dev.kluis.operator.keyvault.KeyVaultSettings;
import dev.kluis.operator.keyvault.KeyVaultSettings.ClientSecret;
import dev.kluis.operator.keyvault.KeyVaultSettings.FederatedToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.Identity;
import dev.kluis.operator.keyvault.KeyVaultSettings.Proof;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.seal.RemoteKeyId;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One Kluis seals another: an operator in a cluster of its own whose root key is wrapped by a key that lies in a vault of the
 * operator of this JVM, which it reaches as any client of a Key Vault does.
 */
class KeyVaultSealIT {

    private static final String ROLE = "Crypto Service Encryption User";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final class OtherCluster {
        static final ApiServer SERVER = ApiServer.another();
    }

    private final TestOperator remote = TestOperator.shared();
    private final ApiServer cluster = OtherCluster.SERVER;
    private final String ns = ApiServer.shared().newNamespace("sealing");
    private final String vault = "s" + ns.substring(ns.length() - 8);

    @TempDir
    private Path folder;

    private Relay relay;
    private LogCapture log;
    private Optional<TestOperator> started = Optional.empty();

    @BeforeEach
    void keyInAVault() throws IOException {
        log = LogCapture.start();
        relay = new Relay(() -> remote.kluis().api().orElseThrow().port());
        remote.awaitReady(remote.vault(ns, vault));
        remote.grant(ns, vault, "officer", "Crypto Officer");
        officer("POST", "/create", "{\"kty\":\"RSA\",\"key_size\":2048,\"key_ops\":[\"wrapKey\",\"unwrapKey\"]}");
    }

    @AfterEach
    void stopAndForget() {
        started.ifPresent(TestOperator::stop);
        relay.close();
        log.stop();
        cluster.client().secrets().inNamespace("kluis-system").delete();
        cluster.client().configMaps().inNamespace("kluis-system").delete();
        cluster.client()
                .resources(dev.kluis.crds.store.StoreRecord.class)
                .inNamespace("kluis-system")
                .delete();
        cluster.client().resources(VaultSecret.class).inAnyNamespace().delete();
        cluster.client().resources(Vault.class).inAnyNamespace().delete();
    }

    private Api.Answer officer(String method, String path, String body) {
        var answer =
                Api.as(remote, ns, "officer").send(method, "/vaults/" + ns + "/" + vault + "/keys/root" + path, body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer;
    }

    private void enable(String version, boolean enabled) {
        officer("PATCH", "/" + version, "{\"attributes\":{\"enabled\":" + enabled + "}}");
    }

    private String currentVersion() {
        String kid = Api.as(remote, ns, "officer")
                .get("/vaults/" + ns + "/" + vault + "/keys/root")
                .body()
                .path("key")
                .path("kid")
                .asText();
        return kid.substring(kid.lastIndexOf('/') + 1);
    }

    private SealSettings settings(String clientId, Proof proof) throws IOException {
        String domain = ".vault.svc.cluster.local:" + relay.port();
        return SealSettings.of(new KeyVaultSettings(
                RemoteKeyId.parse("https://" + vault + domain + "/keys/root"),
                "RSA-OAEP-256",
                new Identity(URI.create("https://login" + domain), "adfs", clientId, proof),
                Optional.of(Files.writeString(folder.resolve("ca.crt"), Api.authority(remote))),
                Duration.ofSeconds(10)));
    }

    private String assertion() {
        return Api.token(remote, ns, "sealed", "api://AzureADTokenExchange");
    }

    /** As a ServiceAccount that may wrap and unwrap. */
    private TestOperator start() throws IOException {
        remote.grant(ns, vault, "sealed", ROLE);
        var file = Files.writeString(folder.resolve("token"), assertion());
        return start(settings("any", new FederatedToken(file)));
    }

    private TestOperator start(SealSettings settings) {
        var operator = TestOperator.in(cluster, settings);
        started = Optional.of(operator);
        return operator;
    }

    private static void awaitServing(TestOperator operator) {
        await().atMost(PATIENCE).until(() -> operator.kluis().ready());
        assertThat(operator.kluis().vault().orElseThrow().quarantined()).isEmpty();
    }

    private static void awaitSealed(TestOperator operator, String... why) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(operator.kluis().phase()).isEqualTo(Phase.SEALED);
            assertThat(operator.kluis().whySealed().orElse("")).contains(why);
        });
        assertThat(operator.kluis().ready()).isFalse();
        assertThat(operator.kluis().vault()).isEmpty();
    }

    /** Stops it and starts it again, as a pod is. */
    private static void again(TestOperator operator) {
        operator.stop();
        operator.start();
    }

    private ConfigMap kept() {
        return cluster.client()
                .configMaps()
                .inNamespace("kluis-system")
                .withName("kluis-seal")
                .get();
    }

    private Map<String, String> state() {
        return kept().getData();
    }

    private VaultSecret secretInNewVault(TestOperator operator) {
        String team = cluster.newNamespace("team");
        String name = "v" + team.substring(team.length() - 8);
        operator.awaitReady(operator.vault(team, name));
        return operator.awaitReady(
                operator.secret(team, "db", "vaultRef: {name: " + name + "}\nsource: {generate: {}}"));
    }

    private static List<String> sealAudit(TestOperator operator) {
        return operator.audit().stream()
                .filter(line -> line.target() == Installation.SEAL)
                .map(line -> line.operation() + " " + line.result().type())
                .toList();
    }

    @Test
    void the_first_start_wraps_a_root_and_every_other_unwraps_it_whether_or_not_the_vault_is_there_in_between()
            throws IOException {
        var operator = start();
        awaitServing(operator);
        var secret = secretInNewVault(operator);
        assertThat(state())
                .containsEntry("kind", "keyvault")
                .containsEntry("algorithm", "RSA-OAEP-256")
                .extractingByKey("key")
                .asString()
                .endsWith("/keys/root/" + currentVersion());
        assertThat(cluster.client()
                        .secrets()
                        .inNamespace("kluis-system")
                        .withName(RootKey.NAME)
                        .get())
                .isNull();

        relay.cut();
        secretInNewVault(operator);
        assertThat(operator.kluis().ready()).isTrue();
        relay.mend();

        again(operator);
        awaitServing(operator);
        assertThat(operator.awaitReady(secret).getStatus().currentVersion).isEqualTo(secret.getStatus().currentVersion);
        assertThat(sealAudit(operator)).contains("SealUnseal Success");
        assertThat(logged())
                .contains("The root key was unwrapped by")
                .doesNotContain(Files.readString(folder.resolve("token")))
                .doesNotContainPattern("eyJ[0-9A-Za-z_-]{8,}\\.")
                .doesNotContain("Bearer ");
    }

    /** Without what the cluster's client says of this test's own calls, for which it gets tokens. */
    private String logged() {
        return log.stop()
                .lines()
                .filter(line -> !line.contains(" io.fabric8.kubernetes.client.http.HttpLoggingInterceptor "))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void without_the_vault_kluis_is_sealed_and_says_so_and_unseals_by_itself() throws IOException {
        var operator = start();
        awaitServing(operator);
        var secret = secretInNewVault(operator);
        operator.stop();
        relay.cut();
        operator.start();
        awaitSealed(operator, "cannot be reached", "Kluis tries again by itself");

        var shown = operator.awaitReason(
                cluster.client()
                        .resources(Vault.class)
                        .inNamespace(secret.getMetadata().getNamespace())
                        .list()
                        .getItems()
                        .getFirst(),
                "Sealed");
        assertThat(TestOperator.message(shown)).contains("seal.keyvault.key cannot be reached");
        assertThat(TestOperator.condition(shown, "Ready")).isEqualTo("False");
        var status = Api.with(operator, "").get("/status").body();
        assertThat(status.path("phase").asText()).isEqualTo("Sealed");
        assertThat(status.path("message").asText()).contains("cannot be reached");

        relay.mend();
        awaitServing(operator);
        operator.awaitReady(shown);
    }

    @Test
    void while_the_other_kluis_is_down_or_starting_this_one_waits_for_it() throws IOException {
        var operator = start();
        awaitServing(operator);
        operator.stop();
        remote.stop();
        try {
            operator.start();
            awaitSealed(operator, "Kluis tries again by itself");
            assertThat(operator.kluis().whySealed().orElseThrow()).doesNotContain("certificate");
        } finally {
            remote.start();
            remote.awaitReady();
        }
        awaitServing(operator);
    }

    @Test
    void when_access_is_taken_away_kluis_goes_on_and_is_sealed_after_a_start_until_it_is_given_again()
            throws IOException {
        var operator = start();
        awaitServing(operator);
        var secret = secretInNewVault(operator);
        remote.client()
                .resources(AccessAssignment.class)
                .inNamespace(ns)
                .withName("sealed")
                .delete();
        assertThat(operator.kluis().ready()).isTrue();

        again(operator);
        awaitSealed(operator, "needs the role Key Vault " + ROLE, "ForbiddenByRbac");
        remote.grant(ns, vault, "sealed", ROLE);
        awaitServing(operator);
        operator.awaitReady(secret);
    }

    @Test
    void a_key_that_rotates_unwraps_by_its_old_version_and_wraps_by_its_new_one_soon() throws IOException {
        var operator = start();
        awaitServing(operator);
        var secret = secretInNewVault(operator);
        String old = currentVersion();
        officer("POST", "/rotate", "");
        String current = currentVersion();
        assertThat(current).isNotEqualTo(old);
        assertThat(state().get("key")).endsWith(old);

        again(operator);
        awaitServing(operator);
        await().atMost(PATIENCE).until(() -> state().get("key").endsWith(current));
        assertThat(sealAudit(operator)).containsSubsequence("RootRewrap Begun", "RootRewrap Success");
        enable(old, false);
        again(operator);
        awaitServing(operator);
        operator.awaitReady(secret);
    }

    @Test
    void a_disabled_version_seals_after_a_start_until_it_is_enabled_again() throws IOException {
        var operator = start();
        awaitServing(operator);
        String version = currentVersion();
        enable(version, false);
        again(operator);
        awaitSealed(operator, "version " + version, "is disabled: enable it", "KeyDisabled");
        enable(version, true);
        awaitServing(operator);
    }

    @Test
    void once_there_are_records_no_other_root_is_made() throws IOException {
        var operator = start();
        awaitServing(operator);
        secretInNewVault(operator);
        var kept = kept();
        operator.stop();
        cluster.client().resource(kept).delete();
        operator.start();
        awaitSealed(operator, "ConfigMap kluis-seal", "restore it");
        assertThat(kept()).isNull();
        kept.getMetadata().setResourceVersion(null);
        kept.getMetadata().setUid(null);
        cluster.client().resource(kept).create();
        awaitServing(operator);
    }

    @Test
    void the_root_is_replaced_when_the_annotation_asks_and_both_unwrap_after_a_restart() throws IOException {
        var operator = start();
        awaitServing(operator);
        var secret = secretInNewVault(operator);
        operator.annotate(kept(), RootKey.ROTATE, "2026-11");
        await().atMost(PATIENCE)
                .until(() -> state().get("root").equals("2")
                        && operator.kluis()
                                .rootRotation()
                                .filter(progress -> progress.rotating() && progress.done() == progress.total())
                                .isPresent());
        assertThat(state()).containsEntry("rotated", "2026-11").containsKey("previous");
        assertThat(kept().getMetadata().getAnnotations()).containsEntry(RootKey.ROTATE, "2026-11");
        assertThat(sealAudit(operator)).containsSubsequence("RootRotate Begun", "RootRotate Success");

        again(operator);
        awaitServing(operator);
        operator.awaitReady(secret);
        assertThat(state()).containsEntry("root", "2");
    }

    @Test
    void a_client_outside_of_the_cluster_proves_itself_by_a_secret_that_is_in_no_log() throws IOException {
        String canary = "canary-0f6d-client-secret-of-the-seal";
        remote.awaitReady(remote.vault("clients", "clients"));
        remote.grant("clients", "clients", "admin", "Administrator");
        assertThat(Api.as(remote, "clients", "admin")
                        .put("/vaults/clients/clients/secrets/ci-secret", "{\"value\":\"" + canary + "\"}")
                        .status())
                .isEqualTo(200);
        var reader = remote.awaitReady(remote.assignment(
                "clients",
                "reader",
                "vaultRef: {name: clients}\nrole: Secrets User\nscope: {secrets: [ci-secret]}\n"
                        + "subjects: [{kind: User, name: \"kluis:token-endpoint\"}]"));
        var file = Files.writeString(folder.resolve("secret"), canary + "\n");

        var operator = start(settings("ci", new ClientSecret(file)));
        awaitSealed(operator, "needs the role Key Vault " + ROLE);
        remote.awaitReady(remote.assignment(
                ns,
                "ci",
                "vaultRef: {name: " + vault + "}\nrole: " + ROLE
                        + "\nsubjects: [{kind: User, name: \"kluis:client:ci\"}]"));
        awaitServing(operator);
        Files.writeString(file, "canary-another-secret");
        again(operator);
        awaitSealed(operator, "refuses Kluis's identity (invalid_client)");
        remote.delete(reader);
        assertThat(logged()).contains("invalid_client").doesNotContain("canary");
        assertThat(kept().toString()).doesNotContain("canary");
    }
}
