package dev.kluis.operator.backup;

import static dev.kluis.operator.TestOperator.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.testkit.S3Server;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.VaultImport.Options;
import dev.kluis.vault.backup.VaultImport.Report;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spec.backup on a real API server, to a folder and to a real S3 server. */
class BackupIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("backup");
    private final String name = "b" + ns.substring(ns.length() - 8);
    private final VaultId id = new VaultId(ns, name);
    private final RecipientKeyPair officer = key();

    /** NS in YAML stands for the namespace, so it must not be part of a key. */
    private static RecipientKeyPair key() {
        return Stream.generate(() -> RecipientKeyPair.generate(new SecureRandom()))
                .filter(pair -> !pair.publicKey().text().contains("NS"))
                .findFirst()
                .orElseThrow();
    }

    private Vault vault(String every, String destination) {
        return operator.apply(
                Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec:
                  backup: {every: %s, keep: 2, recipient: "%s", destination: %s}
                """.formatted(name, every, officer.publicKey().text(), destination));
    }

    private Path folder() throws IOException {
        return Files.createDirectories(operator.backupFolders().resolve("nightly"));
    }

    private List<Path> files() throws IOException {
        var folder = folder().resolve(ns).resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".kluis"))
                    .sorted()
                    .toList();
        }
    }

    private Vault awaitBackedUp(Vault vault) {
        return operator.awaitStatus(vault, now -> "True".equals(condition(now, "BackedUp")));
    }

    private void secret(String secret) {
        operator.awaitReady(operator.secret(ns, secret, "vaultRef: {name: " + name + "}\nsource: {generate: {}}"));
    }

    @Test
    void a_vault_is_backed_up_to_a_folder_as_often_as_it_says_and_old_files_go() throws Exception {
        folder();
        operator.awaitReady(operator.vault(ns, name));
        secret("db");
        var vault = awaitBackedUp(vault("PT24H", "{folder: {name: nightly}}"));

        var backup = vault.getStatus().backup;
        assertThat(backup.objects).isEqualTo(1);
        assertThat(backup.bytes).isEqualTo(Files.size(files().getFirst()));
        assertThat(backup.location).startsWith("folder nightly: " + ns + "/" + name + "/");
        assertThat(condition(vault, "Ready")).isEqualTo("True");
        var file = BackupReader.open(new ByteArrayInputStream(Files.readAllBytes(files().getFirst())), officer);
        assertThat(file.verify().objects()).isEqualTo(1);
        assertThat(file.header().signer().hex()).isEqualTo(backup.signer);
        var stranger = Files.writeString(
                files().getFirst().resolveSibling("20260102T030405678Z-0a0b0c0d.kluis"), "of another vault");

        operator.restart();
        operator.awaitStatus(vault, now -> backup.lastSuccess.equals(now.getStatus().backup.lastSuccess));
        assertThat(files()).as("a restart makes no backup").hasSize(2);
        for (int day = 1; day <= 3; day++) {
            int days = day;
            operator.later(
                    Duration.ofDays(days).plusMinutes(days),
                    () -> await().atMost(Duration.ofSeconds(30))
                            .until(() -> files().size() == Math.min(1 + days, 2) + 1 && newestIsOf(days)));
        }
        assertThat(files()).contains(stranger).hasSize(3);
    }

    private boolean newestIsOf(int days) {
        return operator.kluis()
                .backups()
                .orElseThrow()
                .standing(id)
                .flatMap(BackupStanding::lastSuccess)
                .filter(at -> at.isAfter(Instant.now().plus(Duration.ofDays(days))))
                .isPresent();
    }

    @Test
    void a_vault_is_backed_up_to_a_real_s3_server_with_credentials_of_its_namespace(@TempDir Path buckets) {
        operator.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("s3")
                        .withNamespace(ns)
                        .endMetadata()
                        .withStringData(
                                Map.of("accessKeyId", S3Server.ACCESS_KEY, "secretAccessKey", S3Server.SECRET_KEY))
                        .build())
                .create();
        try (var server = S3Server.start(buckets, "vaults")) {
            var vault = awaitBackedUp(vault(
                    "PT24H",
                    "{s3: {endpoint: \"%s\", region: %s, bucket: vaults, prefix: a/, credentialsSecretRef: {name: s3}}}"
                            .formatted(server.endpoint(), S3Server.REGION)));

            var keys = server.keys("vaults");
            assertThat(keys)
                    .as("a file and its note")
                    .hasSize(2)
                    .allMatch(key -> key.startsWith("a/" + ns + "/" + name + "/"));
            assertThat(vault.getStatus().backup.location).isEqualTo("s3://vaults/" + keys.getFirst());
            assertThat(keys.getLast()).isEqualTo(keys.getFirst() + ".note");
        }
    }

    @Test
    void a_backup_that_fails_is_told_and_the_vault_stays_ready() {
        var vault = vault("PT24H", "{folder: {name: missing}}");

        var failing = operator.awaitStatus(vault, now -> "False".equals(condition(now, "BackedUp")));
        assertThat(condition(failing, "Ready")).isEqualTo("True");
        assertThat(failing.getStatus().conditions.getLast().getMessage()).contains("there is no folder 'missing'");
        assertThat(operator.kluis().backups().orElseThrow().failing()).isPositive();

        var denied = vault(
                "PT24H",
                "{s3: {endpoint: \"http://nowhere.invalid\", region: x, bucket: abc, credentialsSecretRef: {name: s3}}}");
        operator.awaitStatus(
                denied,
                now -> now.getStatus().conditions.getLast().getMessage().contains("host of the endpoint is not known"));
    }

    @Test
    void what_was_purged_comes_back_from_the_file_to_its_resource() throws Exception {
        folder();
        operator.awaitReady(operator.vault(ns, name));
        secret("db");
        awaitBackedUp(vault("PT24H", "{folder: {name: nightly}}"));
        byte[] file = Files.readAllBytes(files().getFirst());
        var engine = operator.kluis().vault().orElseThrow();
        var object = ObjectId.secret(id, "db");
        String version = engine.summary(object).orElseThrow().currentVersion().orElseThrow();
        operator.assignment(ns, "admin", """
                vaultRef: {name: %s}
                role: Administrator
                subjects: [{kind: User, name: root@%s}]
                """.formatted(name, ns));
        var admin = new Caller.User("root@" + ns, List.of());
        operator.annotate(resource(), "kluis.dev/reconcile", "disabled");
        await().ignoreExceptions().until(() -> {
            engine.execute(admin, new ObjectDelete(object));
            return true;
        });
        engine.execute(admin, new ObjectPurge(object));

        var report = restore(admin, file);

        assertThat(report.restored()).isEqualTo(1);
        var there = engine.summary(object).orElseThrow();
        assertThat(there.currentVersion()).contains(version);
        assertThat(there.ownership().orElseThrow().owner()).isEqualTo(new Owner("VaultSecret", ns, "db"));
        operator.annotate(resource(), "kluis.dev/reconcile", "enabled");
        operator.awaitStatus(
                resource(),
                now -> version.equals(now.getStatus().currentVersion) && "True".equals(condition(now, "Ready")));
    }

    private VaultSecret resource() {
        return operator.client()
                .resources(VaultSecret.class)
                .inNamespace(ns)
                .withName("db")
                .get();
    }

    /** As the command does: the officer's key stays where it is. */
    private Report restore(Caller caller, byte[] file) throws IOException {
        var restores = operator.kluis().restores().orElseThrow();
        byte[] once = BackupReader.sealed(new ByteArrayInputStream(file), officer, restores.key(), new SecureRandom())
                .readAllBytes();
        var options = new Options(Optional.<VerifyingKey>empty(), true);
        var report = restores.restore(caller, id, new ByteArrayInputStream(once), options, each -> {});
        assertThatThrownBy(() -> restores.restore(caller, id, new ByteArrayInputStream(once), options, each -> {}))
                .as("a key is for one restore")
                .hasMessageContaining("is not here");
        return report;
    }

    @Test
    void declarations_that_cannot_be_right_are_refused_at_apply_with_what_is_legal() {
        assertRefused(
                "PT24H",
                "{folder: {name: nightly}, s3: {endpoint: \"https://x\", region: x, bucket: abc, credentialsSecretRef: {name: s3}}}",
                "exactly one of folder and s3");
        assertRefused("PT24H", "{}", "exactly one of folder and s3");
        assertRefused("PT24H", "{folder: {name: ../etc}}", "operator.backup.folders");
        assertRefused("PT5M", "{folder: {name: nightly}}", "every");
        assertRefused(
                "PT24H",
                "{s3: {endpoint: \"https://169.254.169.254\", region: x, bucket: abc, credentialsSecretRef: {name: s3}}}",
                "link-local");
        assertRefused(
                "PT24H",
                "{s3: {endpoint: \"https://user@host/path\", region: x, bucket: abc, credentialsSecretRef: {name: s3}}}",
                "without path, user or query");
    }

    private void assertRefused(String every, String destination, String why) {
        assertThatThrownBy(() -> vault(every, destination))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(why);
    }
}
