package dev.kluis.vault.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.AuditedUses;
import dev.kluis.vault.access.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the audit tells of uses, and of how much of a time it tells. */
class AuditedUsesTest {

    private static final VaultId PAYMENTS = ((ObjectId) Lines.record(0).target()).vault();
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private final Lines written = new Lines();

    private AuditFile file(int keep) {
        return new AuditFile(
                new AuditFile.Settings(folder, 64 * 1024, Duration.ofHours(1), keep, true), () -> written.now);
    }

    private AuditRing ring() {
        var ring = new AuditRing(1000);
        written.all.forEach(line -> ring.accept(0L, line));
        return ring;
    }

    private static Use use(String operation, int object) {
        return Use.of(
                "payments/assignment",
                "system:serviceaccount:payments:api",
                operation,
                "payments/payments/secrets/object-" + object);
    }

    @Test
    void each_use_of_the_time_is_told_once_from_files_that_were_rotated_and_from_memory() throws IOException {
        written.chain.signWith(Lines.KEY);
        written.records(0, 400);
        try (var file = file(9)) {
            for (var line : written.all) {
                file.write(List.of(line));
            }
            assertThat(file.files()).hasSizeGreaterThan(2);

            for (var place : List.<AuditSearch>of(file, ring())) {
                var all = AuditedUses.read(place, PAYMENTS, BEGIN);
                assertThat(all.uses()).hasSize(8).contains(use("SecretGet", 1), use("SecretSet", 3));
                assertThat(all.complete()).isTrue();
                var last = AuditedUses.read(place, PAYMENTS, BEGIN.plusSeconds(398));
                assertThat(last.uses()).containsExactly(use("SecretGet", 2), use("SecretSet", 3));
                assertThat(last.uses().getFirst().action()).contains(Action.SECRET_GET);
                assertThat(AuditedUses.read(place, new VaultId("payments", "other"), BEGIN)
                                .uses())
                        .isEmpty();
            }
        }
    }

    @Test
    void an_audit_that_begins_later_than_asked_for_is_not_complete() throws IOException {
        written.records(0, 3);

        var uses = AuditedUses.read(ring(), PAYMENTS, BEGIN.minusSeconds(1));

        assertThat(uses.since()).contains(BEGIN);
        assertThat(uses.complete()).isFalse();
        assertThat(AuditedUses.read(new AuditRing(1), PAYMENTS, BEGIN))
                .isEqualTo(new AuditedUses(BEGIN, Optional.empty(), 0, List.of()));
    }

    @Test
    void what_rotation_removes_makes_an_audit_begin_later() throws IOException {
        written.records(0, 400);
        try (var file = file(1)) {
            for (var line : written.all) {
                file.write(List.of(line));
            }

            var uses = AuditedUses.read(file, PAYMENTS, BEGIN);

            assertThat(uses.since().orElseThrow()).isAfter(BEGIN);
            assertThat(uses.complete()).isFalse();
        }
    }

    @Test
    void lines_that_the_files_lost_make_an_audit_incomplete_and_those_that_another_sink_lost_do_not()
            throws IOException {
        written.records(0, 3);
        try (var file = file(9)) {
            file.write(written.all);
            assertThat(AuditedUses.read(file, PAYMENTS, BEGIN).complete()).isTrue();

            lose("http", "2026-01-01T00:00:02Z");
            lose("file", "2025-12-31T00:00:00Z");
            assertThat(AuditedUses.read(file, PAYMENTS, BEGIN).complete()).isTrue();
            lose("file", "2026-01-01T00:00:02Z");

            var uses = AuditedUses.read(file, PAYMENTS, BEGIN);
            assertThat(uses.lost()).isEqualTo(7);
            assertThat(uses.complete()).isFalse();
        }
    }

    private void lose(String sink, String time) throws IOException {
        Files.writeString(
                folder.resolve(AuditFile.CURRENT),
                """
                {"category":"AuditDropped","time":"%s","sink":"%s","from":3,"to":9,"count":7,"before":"%s","instance":"%s","number":3,"previous":"%s"}
                """.formatted(time, sink, "a".repeat(64), "1".repeat(32), "a".repeat(64)),
                StandardOpenOption.APPEND);
    }
}
