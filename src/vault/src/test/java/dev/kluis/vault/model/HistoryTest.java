package dev.kluis.vault.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Moment;
import dev.kluis.vault.model.Call.Act;
import dev.kluis.vault.model.Call.Get;
import dev.kluis.vault.model.Call.SetValue;
import dev.kluis.vault.model.History.Untold;
import dev.kluis.vault.model.World.Stage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. */
class HistoryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final History history = new History();
    private final World start = new World(Map.of())
            .with(Callers.PAYMENTS, new World.Vault(Stage.ACTIVE, Optional.empty(), 90, false, Map.of()));

    private static Call call(Act act) {
        return new Call(Callers.account("officer"), Callers.PAYMENTS, "a", act, new Moment(NOW, NOW));
    }

    private static Call set(int value) {
        return call(new SetValue(value, Optional.empty()));
    }

    private static World.Version version(int value) {
        return new World.Version(value, NOW, true, "");
    }

    private void done(Call call, Object answer) {
        history.add(call, history.now(), answer);
    }

    private Set<World> worlds() {
        return history.worlds(Set.of(start));
    }

    @Test
    void an_old_value_after_a_new_one_was_answered_is_found() {
        done(set(1), version(1));
        done(set(2), version(2));
        done(call(new Get(Optional.empty())), 1);

        assertThatThrownBy(this::worlds).isInstanceOf(AssertionError.class).hasMessageContaining("no order");
    }

    @Test
    void a_read_during_a_write_may_see_the_old_value_or_the_new_one_but_not_the_old_one_after_the_new_one() {
        done(set(1), version(1));
        long begun = history.now();
        done(call(new Get(Optional.empty())), 1);
        done(call(new Get(Optional.empty())), 2);
        history.add(set(2), begun, version(2));
        assertThat(worlds()).hasSize(1);

        var other = new History();
        begun = other.now();
        other.add(call(new Get(Optional.empty())), other.now(), 2);
        other.add(call(new Get(Optional.empty())), other.now(), 1);
        other.add(set(2), begun, version(2));
        assertThatThrownBy(() -> other.worlds(worlds())).isInstanceOf(AssertionError.class);
    }

    @Test
    void what_nobody_was_told_of_is_done_late_or_never() {
        done(set(1), version(1));
        done(set(2), Untold.UNKNOWN);
        done(call(new Get(Optional.empty())), 1);
        assertThat(worlds()).hasSize(2);

        done(call(new Get(Optional.empty())), 2);
        assertThat(worlds()).hasSize(1);
    }

    @Test
    void what_a_process_had_under_way_is_not_done_after_its_end() {
        done(set(1), version(1));
        done(set(2), Untold.UNKNOWN);
        history.ended();
        done(call(new Get(Optional.empty())), 1);
        done(call(new Get(Optional.empty())), 2);

        assertThatThrownBy(this::worlds).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_write_that_is_done_twice_is_found() {
        done(set(1), version(1));
        done(set(2), version(2));
        var twice = new World.Secret(
                3,
                Stage.ACTIVE,
                Optional.empty(),
                java.util.List.of(version(1), version(2), version(2)),
                Optional.empty(),
                false);
        done(call(new Call.GetMetadata()), Optional.of(twice));

        assertThatThrownBy(this::worlds).isInstanceOf(AssertionError.class);
    }
}
