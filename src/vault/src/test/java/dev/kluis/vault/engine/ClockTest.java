package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Retention is time that passed, not a number that a clock shows. */
class ClockTest {

    private static final Duration RETENTION = Duration.ofDays(90);

    private final Engine engine = new Engine().withProtectedVault();

    private void delete(String name) {
        engine.put(name, "one");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret(name)));
    }

    private void assertProtected(String name) {
        assertThat(engine.purgeDue()).isZero();
        assertThatThrownBy(() -> engine.as(Role.ADMINISTRATOR, new ObjectPurge(secret(name))))
                .hasMessageContaining("purge protection");
    }

    @Test
    void attack_18_a_clock_set_forward_ends_no_retention() {
        delete("a");
        engine.setClock(RETENTION.multipliedBy(10));
        assertProtected("a");
        engine.pass(RETENTION.minusMillis(1));
        assertProtected("a");
        engine.pass(Duration.ofMillis(1));
        assertThat(engine.purgeDue()).isOne();
    }

    @Test
    void attack_18_a_clock_set_back_for_the_deletion_and_forward_again_ends_no_retention() {
        engine.setClock(RETENTION.multipliedBy(-10));
        delete("a");
        engine.setClock(RETENTION.multipliedBy(10));
        assertProtected("a");
        engine.pass(RETENTION.minusMillis(1));
        assertProtected("a");
    }

    @Test
    void attack_18_a_restart_under_a_clock_set_forward_counts_for_a_day_at_most() {
        delete("a");
        engine.vault.checkpoint();
        engine.setClock(RETENTION.multipliedBy(10));
        engine.restart();
        assertProtected("a");
        engine.pass(RETENTION.minusDays(1).minusMillis(1));
        assertProtected("a");
        engine.pass(Duration.ofMillis(1));
        assertThat(engine.purgeDue()).isOne();
    }

    @Test
    void attack_22_time_that_the_operator_was_down_counts_when_it_is_short() {
        delete("a");
        engine.vault.checkpoint();
        engine.setClock(Duration.ofHours(6));
        engine.restart();
        engine.pass(RETENTION.minusHours(6));
        assertThat(engine.purgeDue()).isOne();
    }

    @Test
    void attack_22_a_clock_set_back_makes_a_purge_later_and_loses_nothing() {
        delete("a");
        engine.setClock(Duration.ofDays(-1));
        engine.pass(RETENTION);
        assertProtected("a");
        engine.pass(Duration.ofDays(1));
        assertThat(engine.purgeDue()).isOne();
    }

    @Test
    void attack_22_a_day_back_and_forth_changes_no_value() {
        engine.put("a", "one");
        for (int days : new int[] {1, -2, 1}) {
            engine.setClock(Duration.ofDays(days));
            assertThat(engine.get(engine.with(Role.SECRETS_USER), "a", Optional.empty()))
                    .isEqualTo("one");
        }
    }
}
