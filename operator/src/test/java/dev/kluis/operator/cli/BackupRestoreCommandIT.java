package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.VaultExport;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis backup restore} of a file from another cluster that is larger than any other body of the API. */
class BackupRestoreCommandIT {

    private static final int VALUE = 25_000;
    /** Deleted so long ago that they are not made again, which takes no time. */
    private static final int GONE = 1_360;

    private static final int THERE = 24;
    private static final Caller ADMIN = new Caller.User("admin", List.of());

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli-restore");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final VaultId id = new VaultId(ns, vault);
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    private Command kluis;
    private Path key;
    private Path file;
    private String signer;

    @BeforeEach
    void backUpElsewhere() throws Exception {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "admin", "Administrator");
        kluis = Command.as(operator, folder, ns, "admin", vault);
        key = folder.resolve("officer.key");
        var made = kluis.run("backup", "keygen", "--out", key.toString(), "--no-passphrase");
        file = folder.resolve("file.kluis");
        elsewhere(RecipientKey.parse(made.out().strip()));
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            signer = BackupReader.header(in).signer().hex();
        }
    }

    /** A vault of the same name in another cluster, a month ago. */
    private void elsewhere(RecipientKey recipient) throws Exception {
        var then = Instant.now().minus(Duration.ofDays(30));
        var resource = new Caller.Resource(new Owner("Vault", ns, vault), "uid");
        try (var engine = new Vault(new Vault.Surroundings(
                new MemoryStore(),
                new MemoryAnchor(),
                new RootKeySeal("elsewhere", SealingKey.generate(random), random),
                assignments(),
                record -> {},
                newer -> {},
                new Timekeeper(() -> then, System::nanoTime),
                random,
                new SoftwareKeys(random, chosen -> {})))) {
            assertThat(engine.awaitReady(Duration.ofSeconds(10))).isTrue();
            engine.execute(resource, new VaultPut(id, new VaultSettings(7, false, new TreeSet<>(), Optional.empty())));
            for (int i = 0; i < GONE + THERE; i++) {
                var secret = ObjectId.secret(id, (i < GONE ? "gone-" : "there-") + i);
                engine.execute(
                        ADMIN,
                        new SecretSet(secret, value(i), SecretAttributes.NONE, Optional.empty(), Optional.empty()));
                if (i < GONE) {
                    engine.execute(ADMIN, new ObjectDelete(secret));
                }
            }
            try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
                new VaultExport(engine, () -> then, random).write(resource, id, recipient, Duration.ofDays(365), out);
            }
        }
    }

    private Assignments assignments() {
        var assignments = new Assignments();
        assignments.put(new Assignment(
                ns + "/admin",
                id,
                Role.ADMINISTRATOR,
                List.of(new Subject.User("admin")),
                Scope.WHOLE_VAULT,
                Optional.empty()));
        return assignments;
    }

    private static SecretBytes value(int i) {
        byte[] value = new byte[VALUE];
        Arrays.fill(value, (byte) ('a' + i % 26));
        return SecretBytes.owning(value);
    }

    private Command.Result restore(String... more) {
        var line = new ArrayList<>(
                List.of("backup", "restore", file.toString(), "--key", key.toString(), "--signer", signer));
        line.addAll(List.of(more));
        return kluis.run(line.toArray(String[]::new));
    }

    @Test
    void a_file_of_more_than_32_mebibytes_is_restored_and_one_that_was_changed_at_its_end_up_to_there()
            throws Exception {
        assertThat(Files.size(file)).isGreaterThan(32L << 20);
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[bad.length - 1] ^= 1;
        Files.write(file, bad);

        var cut = restore();
        assertThat(cut.exit()).as(cut.err()).isEqualTo(2);
        assertThat(cut.err()).contains("the backup file was cut or changed");
        Files.write(file, good);
        var restored = restore();

        assertThat(restored.exit()).as(restored.err()).isZero();
        assertThat(restored.err()).contains(", " + (GONE + THERE - missing(restored)) + " skipped");
        assertThat(restored.out()).contains("it was deleted, and the date of its purge has passed");
        for (int i = GONE; i < GONE + THERE; i++) {
            assertThat(kluis.run("secret", "get", "there-" + i).out())
                    .isEqualTo(String.valueOf((char) ('a' + i % 26)).repeat(VALUE));
        }
    }

    /** How many the first try did not reach: the last chunks were never proved. */
    private static int missing(Command.Result restored) {
        return Integer.parseInt(restored.err().replaceFirst("(?s)^.*?(\\d+) restored.*$", "$1"));
    }

    @Test
    void a_file_over_the_limit_is_refused_before_it_is_sent_and_the_limit_is_named() throws IOException {
        try (var larger = new RandomAccessFile(file.toFile(), "rw")) {
            larger.setLength(TestOperator.RESTORE_LIMIT + 1);
        }

        var refused = restore();

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("restores at most " + TestOperator.RESTORE_LIMIT, "KLUIS_BACKUP_RESTORE_LIMIT");
    }
}
