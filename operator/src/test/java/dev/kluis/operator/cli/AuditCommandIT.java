package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.audit.Audit;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.audit.AuditFile;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.seal.RootKeySeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis audit} against the server, and on files. */
class AuditCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @TempDir
    Path folder;

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "officer", "Secrets Officer");
        operator.grant(ns, vault, "administrator", "Administrator");
    }

    @Test
    void who_may_see_the_assignments_of_a_vault_sees_who_did_what_and_nobody_else() throws IOException {
        var officer = Command.as(operator, folder, ns, "officer", vault);
        var administrator = Command.as(operator, folder, ns, "administrator", vault);
        assertThat(officer.runWith("canary-4c1d9e", "secret", "set", "db").exit())
                .isZero();
        assertThat(officer.run("secret", "get", "other").exit()).isNotZero();

        var tail = administrator.run("audit", "tail", "--lines", "500", "-o", "json");
        assertThat(tail.exit()).as(tail.err()).isZero();
        assertThat(tail.out())
                .contains("SecretSet", "\"callerIpAddress\" : \"127.0.0.1\"", "/secrets/db", "kluis/")
                .doesNotContain("canary");
        var search = administrator.run(
                "audit",
                "search",
                "--object",
                "secrets/db",
                "--operation",
                "SecretSet",
                "--caller",
                "system:serviceaccount:" + ns + ":officer",
                "--result",
                "Success",
                "-o",
                "name");
        assertThat(search.out()).matches("[0-9a-f]{32}\n");
        var refused = officer.run("audit", "tail");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void files_are_verified_offline_with_the_published_keys() throws IOException {
        var root = new byte[32];
        Arrays.fill(root, (byte) 7);
        var seal = new RootKeySeal("test", SealingKey.of(SecretBytes.owning(root)), new SecureRandom());
        var logs = Files.createDirectory(folder.resolve("logs"));
        for (int process = 0; process < 2; process++) {
            try (var audit = new Audit(
                    new Audit.Settings(
                            ns,
                            3,
                            Duration.ofSeconds(10),
                            100,
                            Optional.empty(),
                            Optional.of(new Audit.To<>(
                                    new AuditFile.Settings(logs, 1 << 20, Duration.ofDays(1), 3, true),
                                    new AuditOutlet.Settings(
                                            "file",
                                            AuditOutlet.Policy.BLOCK,
                                            10,
                                            Duration.ofSeconds(5),
                                            Duration.ofSeconds(5)))),
                            Optional.empty()),
                    operator.client(),
                    operator.clock(),
                    new SecureRandom(),
                    record -> {})) {
                audit.unsealed(seal);
                for (var record : operator.audit().subList(0, 5)) {
                    audit.admit();
                    audit.accept(record);
                }
            }
        }
        var published = operator.client()
                .configMaps()
                .inNamespace(ns)
                .withName("kluis-audit-keys")
                .get()
                .getData();
        assertThat(published).hasSize(1);
        var keys = Files.writeString(
                folder.resolve("keys"),
                published.keySet().iterator().next() + ": "
                        + published.values().iterator().next() + "\n");
        var log = logs.resolve("audit.log");
        var kluis = Command.as(operator, folder, ns, "officer", vault);

        var whole = kluis.run("audit", "verify", "--keys", keys.toString(), log.toString());
        assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
        assertThat(whole.out()).contains("whole and complete", "stopped in order");
        String lines = Files.readString(log);
        var changed =
                kluis.runWith(lines.replaceFirst("Success", "Sucess"), "audit", "verify", "--keys", keys.toString());
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.out()).contains("stdin:3: EDITED");
        var cut = kluis.runWith(lines.substring(0, lines.length() / 2), "audit", "verify", "--keys", keys.toString());
        assertThat(cut.exit()).isEqualTo(1);
    }
}
