package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {

    @TempDir
    Path folder;

    private final Lines written = new Lines();

    private AuditFile file(int keep) {
        return new AuditFile(
                new AuditFile.Settings(folder, 64 * 1024, Duration.ofHours(1), keep, true), () -> written.now);
    }

    /** Writes records, and checkpoints between, as a sink's thread would. */
    private void write(AuditFile file, int from, int to) throws IOException {
        int before = written.all.size();
        written.records(from, to);
        for (var line : written.all.subList(before, written.all.size())) {
            file.write(List.of(line));
        }
    }

    private static AuditVerification.Report verify(AuditFile file, boolean headMayBeMissing) throws IOException {
        var verification = new AuditVerification(
                Set.of(Lines.KEY.verifyingKey()),
                new AuditVerification.Options(false, headMayBeMissing, Optional.of("file")));
        for (var one : file.files()) {
            try (var in = Files.newInputStream(one)) {
                verification.read(String.valueOf(one.getFileName()), in);
            }
        }
        return verification.report();
    }

    private AuditFile signed(int keep) throws IOException {
        var file = file(keep);
        written.chain.signWith(Lines.KEY);
        file.write(written.all);
        return file;
    }

    @Test
    void only_its_owner_reads_a_file_and_rotated_ones_are_kept_by_number() throws IOException {
        try (var file = signed(2)) {
            write(file, 0, 400);

            assertThat(file.files()).hasSize(3);
            for (var one : file.files()) {
                assertThat(Files.size(one)).isLessThanOrEqualTo(64 * 1024);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                        .isEqualTo("rw-------");
            }
            assertThat(verify(file, true).findings()).isEmpty();
            assertThat(verify(file, false).findings()).isNotEmpty();
        }
    }

    @Test
    void a_file_is_rotated_when_it_is_old_even_after_a_restart() throws IOException {
        try (var file = signed(9)) {
            write(file, 0, 3);
        }
        written.now = written.now.plus(Duration.ofHours(2));
        try (var file = file(9)) {
            write(file, 3, 4);
            write(file, 4, 5);

            assertThat(file.files()).hasSize(2);
            assertThat(verify(file, false).findings()).isEmpty();
        }
    }

    @Test
    void the_next_process_knows_the_last_line_and_cuts_off_what_a_crash_tore() throws Exception {
        try (var file = signed(9)) {
            write(file, 0, 7);
        }
        var current = folder.resolve(AuditFile.CURRENT);
        Files.writeString(current, "{\"category\":\"AuditEv", StandardOpenOption.APPEND);

        try (var file = file(9)) {
            assertThat(file.last()).isEqualTo(written.last());
            int before = written.all.size();
            written.start("2", file.last()).signWith(Lines.KEY);
            file.write(written.all.subList(before, written.all.size()));

            var report = verify(file, false);
            assertThat(report.findings()).isEmpty();
            assertThat(report.instances()).hasSize(2);
            Files.writeString(
                    current,
                    Files.readString(current, US_ASCII).replaceFirst("(?m)^.*\"number\":8,.*\n", ""),
                    US_ASCII);
            assertThat(verify(file, false).findings())
                    .as("a cut tail of the first")
                    .isNotEmpty();
        }
    }

    @Test
    void fault_11_no_half_of_a_batch_stays_on_a_full_disk() throws IOException {
        var full = Path.of("/dev/full");
        assumeThat(full).exists();
        var current = folder.resolve(AuditFile.CURRENT);
        try (var file = signed(9)) {
            write(file, 0, 2);
        }
        var before = Files.readAllLines(current);
        Files.move(current, folder.resolve("aside"));
        Files.createSymbolicLink(current, full);
        try (var file = file(9)) {
            assertThatThrownBy(() -> file.write(List.of("x"))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.write(List.of("x"))).isInstanceOf(IOException.class);
            Files.delete(current);
            Files.move(folder.resolve("aside"), current);

            write(file, 2, 3);
            assertThat(Files.readAllLines(current))
                    .startsWith(before.toArray(String[]::new))
                    .hasSize(before.size() + 1);
        }
    }

    @Test
    void operations_are_found_in_files_and_in_memory_by_what_is_asked() throws IOException {
        var ring = new AuditRing(1000);
        try (var file = signed(9)) {
            written.all.forEach(line -> ring.accept(0L, line));
            write(file, 0, 200);
            written.all.forEach(line -> ring.accept(0L, line));
            var gets = new AuditFilter(
                    Optional.of("payments/payments"),
                    Optional.of("secrets/OBJECT-1"),
                    Optional.of("system:serviceaccount:payments:api"),
                    Optional.of("SecretGet"),
                    Optional.of("forbidden"),
                    Optional.of(Instant.parse("2026-01-01T00:00:50Z")),
                    Optional.of(Instant.parse("2026-01-01T00:02:30Z")));

            for (var place : List.<AuditSearch>of(file, ring)) {
                assertThat(place.search(gets, 1000))
                        .extracting(line ->
                                Integer.parseInt(line.field("correlationId").orElseThrow(), 16))
                        .containsExactly(65, 85, 125, 145);
                assertThat(place.search(gets, 2))
                        .extracting(line ->
                                Integer.parseInt(line.field("correlationId").orElseThrow(), 16))
                        .containsExactly(125, 145);
                assertThat(place.search(AuditFilter.ALL, 10_000)).hasSize(200);
                assertThat(place.since()).contains(Instant.parse("2026-01-01T00:00:00Z"));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Test
    void the_ring_keeps_the_newest() throws IOException {
        var ring = new AuditRing(3);
        written.records(0, 5);
        written.all.forEach(line -> ring.accept(0L, line));

        assertThat(ring.search(AuditFilter.ALL, 10)).extracting(AuditLine::text).isEqualTo(written.all.subList(2, 5));
        assertThat(ring.since()).contains(Instant.parse("2026-01-01T00:00:02Z"));
    }

    @Test
    void the_ring_gives_each_line_as_it_was_whichever_was_in_its_place() throws IOException {
        var ring = new AuditRing(3);
        written.records(0, 20); // of which those with two digits are longer than those with one
        var all = new ArrayList<>(written.all);
        Collections.reverse(all);
        all.forEach(line -> ring.accept(0L, line));

        assertThat(ring.search(AuditFilter.ALL, 10)).extracting(AuditLine::text).isEqualTo(all.subList(17, 20));
    }

    @Test
    void what_goes_while_the_ring_is_read_is_not_given() throws IOException {
        var ring = new AuditRing(3);
        written.records(0, 5);
        written.all.subList(0, 3).forEach(line -> ring.accept(0L, line));
        var read = new ArrayList<String>();
        ring.read(line -> {
            if (read.isEmpty()) {
                written.all.subList(3, 5).forEach(newer -> ring.accept(0L, newer));
            }
            read.add(line.text());
        });

        assertThat(read).containsExactly(written.all.get(0), written.all.get(2));
    }
}
