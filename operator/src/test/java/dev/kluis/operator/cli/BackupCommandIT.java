package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.VaultExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis backup}: a file is looked into without a cluster, and restored by one. */
class BackupCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli-backup");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @TempDir
    private Path folder;

    private Command kluis;
    private Path key;
    private Path file;

    @BeforeEach
    void backUp() throws Exception {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "admin", "Administrator");
        kluis = Command.as(operator, folder, ns, "admin", vault);
        key = folder.resolve("officer.key");
        var made = kluis.run("backup", "keygen", "--out", key.toString(), "--no-passphrase");
        assertThat(made.exit()).as(made.err()).isZero();
        kluis.runWith("hello", "secret", "set", "greeting");
        file = folder.resolve("file.kluis");
        export(RecipientKey.parse(made.out().strip()));
    }

    private void export(RecipientKey recipient) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            new VaultExport(operator.kluis().vault().orElseThrow(), operator.clock(), new SecureRandom())
                    .write(
                            new Caller.Resource(new Owner("Vault", ns, vault), "uid"),
                            new VaultId(ns, vault),
                            recipient,
                            Duration.ofDays(1),
                            out);
        }
    }

    @Test
    void a_file_is_inspected_and_verified_without_a_cluster() throws IOException {
        var offline = kluis.without("KLUIS_SERVER").without("KLUIS_TOKEN_FILE");
        assertThat(offline.run("backup", "inspect", file.toString(), "-o", "name")
                        .out())
                .isEqualToIgnoringNewLines(ns + "/" + vault);

        var verified = offline.run("backup", "verify", file.toString(), "--key", key.toString(), "-o", "json");
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("\"objects\" : 1").doesNotContain("hello");

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        assertThat(offline.run("backup", "verify", file.toString(), "--key", key.toString())
                        .exit())
                .isNotZero();
    }

    @Test
    void a_file_is_restored_by_who_has_the_key_which_stays_on_his_machine() {
        kluis.run("secret", "delete", "greeting", "--yes");
        kluis.run("secret", "purge", "greeting", "--yes");

        var skipped = kluis.run("backup", "restore", file.toString(), "--key", key.toString());
        assertThat(skipped.exit()).as(skipped.err()).isZero();
        assertThat(skipped.out()).contains("it was purged after this state of it");

        var restored = kluis.run("backup", "restore", file.toString(), "--key", key.toString(), "--purged-too");
        assertThat(restored.err()).contains("1 restored");
        assertThat(kluis.run("secret", "get", "greeting").out()).isEqualTo("hello");
    }
}
