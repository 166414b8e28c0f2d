package dev.kluis.bench;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.VaultExport;
import dev.kluis.vault.backup.VaultImport;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;

/** Measures a backup of 10,000 objects to a folder and its restore into an empty vault. */
final class BackupBench implements Topic {

    private static final int ROUNDS = 5;

    private final SecureRandom random = new SecureRandom();
    private final RecipientKeyPair officer = RecipientKeyPair.generate(random);
    private final Report report;
    private final int objects;

    BackupBench(Report report) {
        this.report = report;
        this.objects = report.effort().of(10_000);
    }

    @Override
    public void measure() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("kluis-bench-backup");
        var file = folder.resolve("backup.kluis");
        var backups = new ArrayList<Double>();
        var restores = new ArrayList<Double>();
        try (var source = BenchEngine.inMemory()) {
            source.fill(objects);
            // The first is for the compiler.
            for (int i = 0; i <= report.effort().rounds(ROUNDS); i++) {
                double backup = backup(source, file);
                double restore = restore(file);
                if (i > 0) {
                    backups.add(backup);
                    restores.add(restore);
                }
            }
        }
        report.add(Result.of("backup of 10,000 objects to a file", "s", backups));
        report.add(Result.once("its size", "MB", Files.size(file) / 1e6));
        report.add(Result.of("restore of 10,000 objects from it", "s", restores));
        Files.delete(file);
        Files.delete(folder);
    }

    private double backup(BenchEngine source, Path file) throws IOException {
        long started = System.nanoTime();
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            new VaultExport(source.vault(), InstantSource.system(), random)
                    .write(BenchEngine.DECLARATION, BenchEngine.VAULT, officer.publicKey(), Duration.ofDays(1), out);
        }
        return seconds(started);
    }

    private double restore(Path file) throws IOException, InterruptedException {
        try (var target = BenchEngine.inMemory();
                var in = new BufferedInputStream(Files.newInputStream(file));
                var again = new BufferedInputStream(Files.newInputStream(file))) {
            long started = System.nanoTime();
            var signer = BackupReader.header(again).signer();
            new VaultImport(target.vault())
                    .restore(
                            BenchEngine.ADMIN,
                            BenchEngine.VAULT,
                            in,
                            id -> Optional.of(officer),
                            new VaultImport.Options(Optional.of(signer), false),
                            each -> {});
            return seconds(started);
        }
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
