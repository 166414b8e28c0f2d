package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Who gets in, and who not before another has left. */
class GateTest {

    private static void refuses(Gate gate, String name, String why) {
        assertThatThrownBy(() -> gate.enter(name))
                .isInstanceOfSatisfying(
                        RestException.class,
                        refused -> assertThat(refused.status()).isEqualTo(429))
                .hasMessageContaining(why);
    }

    @Test
    void no_more_get_in_than_there_are_places() {
        var gate = new Gate(2, 2);
        var first = gate.enter("one");
        try (var _ = gate.enter("another")) {
            refuses(gate, "third", "too many requests");
            first.close();
            try (var _ = gate.enter("third")) {
                refuses(gate, "one", "too many requests");
            }
        }
    }

    @Test
    void one_name_has_no_more_than_its_share_and_leaves_room_for_others() {
        var gate = new Gate(4, 2);
        var first = gate.enter("one");
        try (var _ = gate.enter("one")) {
            refuses(gate, "one", "too many of your requests");
            try (var _ = gate.enter("another");
                    var _ = gate.enter("another")) {
                refuses(gate, "third", "too many requests");
            }
            first.close();
            try (var _ = gate.enter("one")) {
                refuses(gate, "one", "too many of your requests");
            }
        }
    }
}
