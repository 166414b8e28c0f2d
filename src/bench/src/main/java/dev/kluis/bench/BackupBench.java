package dev.kluis.bench;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
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
import dev.kluis.vault.backup.VaultImport;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.secret.SecretVersion.SecretAttributes;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Measures a backup of 10,000 objects to a folder and its restore: the engine on the memory store, without a cluster. */
public final class BackupBench {

    private static final int OBJECTS = 10_000;
    private static final VaultId VAULT = new VaultId("bench", "bench");
    private static final Caller DECLARATION = new Caller.Resource(new Owner("Vault", "bench", "bench"), "uid");
    private static final Caller ADMIN = new Caller.User("admin", List.of());

    private final SecureRandom random = new SecureRandom();

    private BackupBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (var result : new BackupBench().run()) {
            System.out.printf("%-48s %10.2f %s%n", result.name(), result.value(), result.unit());
        }
    }

    List<Result> run() throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        var folder = Files.createTempDirectory("kluis-bench-backup");
        var file = folder.resolve("backup.kluis");
        var officer = RecipientKeyPair.generate(random);
        var source = engine();
        for (int i = 0; i < OBJECTS; i++) {
            source.execute(ADMIN, secret(i));
        }
        long started = System.nanoTime();
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            new VaultExport(source, InstantSource.system(), random)
                    .write(DECLARATION, VAULT, officer.publicKey(), Duration.ofDays(1), out);
        }
        results.add(Result.once("backup of 10,000 objects to a folder", "s", seconds(started)));
        results.add(Result.once("its file", "MB", Files.size(file) / 1e6));
        restore(file, officer, results);
        results.add(Result.once("largest RSS of the process, with both engines", "MiB", largestRss()));
        Files.delete(file);
        Files.delete(folder);
        return results;
    }

    private void restore(Path file, RecipientKeyPair officer, List<Result> results)
            throws IOException, InterruptedException {
        var target = engine();
        long started = System.nanoTime();
        try (var in = new BufferedInputStream(Files.newInputStream(file));
                var again = new BufferedInputStream(Files.newInputStream(file))) {
            var signer = BackupReader.header(again).signer();
            new VaultImport(target)
                    .restore(
                            ADMIN,
                            VAULT,
                            in,
                            id -> Optional.of(officer),
                            new VaultImport.Options(Optional.of(signer), false),
                            each -> {});
        }
        results.add(Result.once("restore of 10,000 objects from it", "s", seconds(started)));
    }

    private Vault engine() throws InterruptedException {
        var assignments = new Assignments();
        assignments.put(new Assignment(
                "bench/admin",
                VAULT,
                Role.ADMINISTRATOR,
                List.of(new Subject.User("admin")),
                Scope.WHOLE_VAULT,
                Optional.empty()));
        var vault = new Vault(new Vault.Surroundings(
                new MemoryStore(),
                new MemoryAnchor(),
                new RootKeySeal("bench", SealingKey.generate(random), random),
                assignments,
                line -> {},
                newer -> {},
                new Timekeeper(Instant::now, System::nanoTime),
                random));
        vault.awaitReady(Duration.ofSeconds(10));
        vault.execute(
                DECLARATION, new VaultPut(VAULT, new VaultSettings(90, false, new TreeSet<>(), Optional.empty())));
        return vault;
    }

    private static SecretSet secret(int number) {
        var value = SecretBytes.owning(
                ("value of secret " + number + " " + "x".repeat(64)).getBytes(StandardCharsets.UTF_8));
        return new SecretSet(
                ObjectId.secret(VAULT, "s" + number), value, SecretAttributes.NONE, Optional.empty(), Optional.empty());
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static double largestRss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
