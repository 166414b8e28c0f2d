package dev.kluis.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.operator.backup.BackupDecision.Next;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupDecisionTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private final BackupObserved first = BackupObserved.first(new DeclaredBackup(
            DAY,
            7,
            DAY,
            RecipientKeyPair.generate(new SecureRandom()).publicKey(),
            new DeclaredBackup.Place.Folder("nightly")));

    private static Next at(BackupObserved observed, Instant now) {
        return BackupDecision.decide(observed, now);
    }

    @Test
    void what_is_there_is_looked_at_before_anything_is_made() {
        assertThat(at(first, NOW)).isEqualTo(Next.LOOK);
        assertThat(at(first.found(Optional.empty()), NOW)).isEqualTo(Next.BACK_UP);
    }

    @Test
    void the_next_one_is_due_after_the_last_success() {
        var done = first.found(Optional.of(NOW));

        assertThat(at(done, NOW.plus(DAY).minusMillis(1))).isEqualTo(Next.WAIT);
        assertThat(at(done, NOW.plus(DAY))).isEqualTo(Next.BACK_UP);
    }

    @Test
    void runs_that_were_missed_are_made_up_for_by_one() {
        var longAgo = first.found(Optional.of(NOW.minus(Duration.ofDays(30))));
        assertThat(at(longAgo, NOW)).isEqualTo(Next.BACK_UP);

        assertThat(at(longAgo.succeeded(NOW, NOW), NOW.plusSeconds(1))).isEqualTo(Next.WAIT);
    }

    @Test
    void a_failure_is_tried_again_after_a_minute_then_later_and_later_up_to_an_hour() {
        var failed = first.found(Optional.of(NOW.minus(DAY))).failed(NOW);
        assertThat(at(failed, NOW.plusSeconds(59))).isEqualTo(Next.WAIT);
        assertThat(at(failed, NOW.plusSeconds(60))).isEqualTo(Next.BACK_UP);
        for (int i = 0; i < 20; i++) {
            failed = failed.failed(NOW);
        }
        assertThat(at(failed, NOW.plusSeconds(3599))).isEqualTo(Next.WAIT);
        assertThat(at(failed, NOW.plusSeconds(3600))).isEqualTo(Next.BACK_UP);
        assertThat(at(first.failed(NOW), NOW.plusSeconds(60))).isEqualTo(Next.LOOK);
    }

    @Test
    void attack_22_a_clock_set_back_does_not_hold_the_next_one_up() {
        assertThat(at(first.found(Optional.of(NOW.plus(DAY))), NOW)).isEqualTo(Next.BACK_UP);
        assertThat(at(first.found(Optional.empty()).failed(NOW.plus(DAY)), NOW)).isEqualTo(Next.BACK_UP);
    }
}
