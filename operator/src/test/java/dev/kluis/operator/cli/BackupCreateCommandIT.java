package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.backup.BackupStanding;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import dev.kluis.testkit.S3Server;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.backup.BackupReader;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis backup create} and {@code list}: at a folder, as a PersistentVolume is one, and at a real S3 server. */
class BackupCreateCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli-backup");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final RecipientKeyPair officer = key();

    @TempDir
    private Path folder;

    private Command admin;
    private Command reader;

    /** NS in YAML stands for the namespace, so it must not be part of a key. */
    private static RecipientKeyPair key() {
        return Stream.generate(() -> RecipientKeyPair.generate(new SecureRandom()))
                .filter(pair -> !pair.publicKey().text().contains("NS"))
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void grant() throws IOException {
        operator.awaitReady(operator.vault(ns, vault));
        admin = as("admin", "Administrator");
        reader = as("reader", "Reader");
        assertThat(admin.runWith("hello", "secret", "set", "greeting").exit()).isZero();
        assertThat(admin.runWith("bye", "secret", "set", "farewell").exit()).isZero();
    }

    private Command as(String account, String role) throws IOException {
        operator.grant(ns, vault, account, role);
        return Command.as(operator, folder, ns, account, vault);
    }

    /** Declares the backups, and waits until the first of the schedule is there. */
    private void declare(String destination) {
        var declared = operator.apply(
                Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec:
                  backup: {every: PT24H, keep: 2, expiresAfter: P1D, recipient: "%s", destination: %s}
                """.formatted(vault, officer.publicKey().text(), destination));
        operator.awaitStatus(
                declared, now -> TestOperator.condition(now, "BackedUp").equals("True"));
    }

    private Path nightly() throws IOException {
        return Files.createDirectories(operator.backupFolders().resolve("nightly"));
    }

    private static JsonNode json(Command.Result result) throws IOException {
        assertThat(result.exit()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private List<AuditRecord> audited(String operation, String account) {
        return operator.audit().stream()
                .filter(record -> record.operation().equals(operation))
                .filter(record -> record.target() instanceof ObjectId target
                        && target.vault().namespace().equals(ns))
                .filter(record -> record.caller().endsWith(":" + account))
                .toList();
    }

    @Test
    void an_administrator_has_a_backup_made_to_the_folder_of_the_vault_and_sees_it_in_the_list() throws Exception {
        nightly();
        declare("{folder: {name: nightly}}");

        var created = admin.run("backup", "create", "-o", "json");
        assertThat(created.err()).contains("waiting");
        var file = json(created);
        byte[] bytes = Files.readAllBytes(nightly().resolve(file.path("name").asText()));
        assertThat(file.path("objects").asInt()).isEqualTo(2);
        assertThat(file.path("bytes").asInt()).isEqualTo(bytes.length);
        assertThat(file.path("digest").asText()).isEqualTo(sha256(bytes));
        assertThat(BackupReader.open(new ByteArrayInputStream(bytes), officer)
                        .verify()
                        .objects())
                .isEqualTo(2);
        assertThat(audited("VaultBackup", "admin")).hasSize(1);
        assertThat(audited("SecretBackup", "admin")).hasSize(2);

        var list = json(admin.run("backup", "list", "-o", "json"));
        assertThat(list).as("that of the schedule, and this one first").hasSize(2);
        assertThat(list.get(0).path("name")).isEqualTo(file.path("name"));
        assertThat(list.get(0).path("digest")).isEqualTo(file.path("digest"));
        for (var one : list) {
            assertThat(one.path("objects").asInt()).isEqualTo(2);
            assertThat(one.path("expired").asBoolean(true)).isFalse();
            assertThat(one.path("recipient").asText())
                    .isEqualTo(officer.publicKey().id());
            assertThat(one.has("trouble")).isFalse();
        }
        var table = admin.run("backup", "create");
        assertThat(table.out()).contains("NAME", "OBJECTS", "SIZE", "DIGEST", ns + "/" + vault + "/");
        assertThat(json(admin.run("backup", "list", "-o", "json")))
                .as("who asks pushes nothing of the schedule out")
                .hasSize(3);
        var cut = admin.run("backup", "list", "--limit", "1", "-o", "name");
        assertThat(cut.out().lines()).hasSize(1);
        assertThat(cut.err()).contains("and 2 older ones");
        assertThat(standing().lastSuccess())
                .as("the schedule counts it")
                .hasValueSatisfying(at -> assertThat(at)
                        .isAfter(Instant.parse(list.get(0).path("created").asText())));
    }

    private BackupStanding standing() {
        return operator.kluis()
                .backups()
                .orElseThrow()
                .standing(new VaultId(ns, vault))
                .orElseThrow();
    }

    @Test
    void who_may_not_back_up_is_refused_and_audited_and_reaches_no_destination() throws Exception {
        nightly();
        declare("{folder: {name: nightly}}");

        for (var account : List.of("reader", "nobody")) {
            var who = account.equals("reader") ? reader : Command.as(operator, folder, ns, "nobody", vault);
            for (var command : List.of("create", "list")) {
                var refused = who.run("backup", command);
                assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
                assertThat(refused.out()).isEmpty();
                assertThat(refused.err()).contains("backup/action");
            }
            var run =
                    Api.as(operator, ns, account).get("/vaults/" + ns + "/" + vault + "/backup/runs/" + "0".repeat(32));
            assertThat(run.status()).isEqualTo(403);
            for (var operation : List.of("VaultBackupCreate", "VaultBackupList", "VaultBackupProgress")) {
                assertThat(audited(operation, account))
                        .as(operation)
                        .singleElement()
                        .satisfies(
                                record -> assertThat(record.result().status()).isEqualTo(403));
            }
        }
        assertThat(json(admin.run("backup", "list", "-o", "json"))).hasSize(1);
    }

    @Test
    void a_vault_without_declared_backups_has_none_to_make_or_to_list() {
        for (var command : List.of("create", "list")) {
            var refused = admin.run("backup", command);
            assertThat(refused.exit()).isEqualTo(5);
            assertThat(refused.err()).contains("declares no backup", "spec.backup");
        }
    }

    @Test
    void what_others_put_where_backups_are_is_shown_with_what_is_wrong_with_it() throws Exception {
        nightly();
        declare("{folder: {name: nightly}}");
        String good = admin.run("backup", "create", "-o", "name").out().strip();
        var place = nightly().resolve(ns).resolve(vault);
        byte[] bytes = Files.readAllBytes(nightly().resolve(good));
        byte[] changed = bytes.clone();
        changed[40] ^= 1;
        Files.write(place.resolve("20260102T030405678Z-0a0b0c0d.kluis"), changed);
        Files.writeString(place.resolve("20260103T030405678Z-0a0b0c0d.kluis"), "no backup");
        Files.createFile(place.resolve("20260104T030405678Z-0a0b0c0d.kluis"));
        Files.write(nightly().resolve(good), Arrays.copyOf(bytes, bytes.length - 1));
        Files.write(nightly().resolve(good + ".note"), new byte[300]);

        var table = admin.run("backup", "list");
        assertThat(table.exit()).as(table.err()).isZero();
        assertThat(table.out().lines())
                .anyMatch(line -> line.contains("20260102T") && line.matches(".*(header was changed|no backup file).*"))
                .anyMatch(line -> line.contains("20260103T") && line.endsWith("it is no backup file"))
                .anyMatch(line -> line.contains("20260104T") && line.endsWith("it is no backup file"))
                .anyMatch(line -> line.contains(good) && line.contains(" ? "));
    }

    @Test
    void a_destination_that_is_away_is_told_and_the_schedule_is_not_blamed() throws Exception {
        var away = Files.createDirectories(operator.backupFolders().resolve("away"));
        declare("{folder: {name: away}}");
        Files.move(away, operator.backupFolders().resolve("elsewhere-" + ns));

        var create = admin.run("backup", "create");
        assertThat(create.exit()).isEqualTo(4);
        assertThat(create.err()).contains("the backup failed: there is no folder 'away'");
        var list = admin.run("backup", "list");
        assertThat(list.exit()).isEqualTo(4);
        assertThat(list.err()).contains("there is no folder 'away'");
        assertThat(standing().good()).contains(true);
    }

    @Test
    void an_administrator_has_a_backup_made_to_a_real_s3_server(@TempDir Path buckets) throws Exception {
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
            declare("{s3: {endpoint: \"%s\", region: %s, bucket: vaults, prefix: a/, credentialsSecretRef: {name: s3}}}"
                    .formatted(server.endpoint(), S3Server.REGION));

            var file = json(admin.run("backup", "create", "-o", "json"));
            byte[] bytes = Files.readAllBytes(
                    server.file("vaults", "a/" + file.path("name").asText()));
            assertThat(file.path("digest").asText()).isEqualTo(sha256(bytes));
            assertThat(file.path("location").asText())
                    .isEqualTo("s3://vaults/a/" + file.path("name").asText());
            var list = json(admin.run("backup", "list", "-o", "json"));
            assertThat(list).hasSize(2);
            assertThat(list.get(0).path("bytes").asInt()).isEqualTo(bytes.length);
            assertThat(list.get(0).path("objects").asInt()).isEqualTo(2);
            assertThat(list.get(1).path("objects").asInt()).isEqualTo(2);
        }
        await().untilAsserted(() -> {
            var away = admin.run("backup", "list");
            assertThat(away.exit()).isEqualTo(4);
            assertThat(away.err()).contains("cannot be reached").doesNotContain("canary");
        });
    }
}
