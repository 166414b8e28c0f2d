package dev.kluis.vault.seal;

import dev.kluis.vault.store.ConflictException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A seal's state in memory. The power goes at a write: before it, after it, or never. */
final class KeptState implements SealState {

    Optional<Held> held = Optional.empty();
    int writes;
    int killAt = -1;
    boolean afterwards;

    /** Counted from the next write on. */
    void killAt(int write, boolean after) {
        killAt = writes + write;
        afterwards = after;
    }

    @Override
    public Optional<Held> read() {
        return held;
    }

    @Override
    public void put(Optional<String> tag, Map<String, String> data) throws ConflictException {
        if (!held.map(Held::tag).equals(tag)) {
            throw new ConflictException("another tag");
        }
        boolean kill = killAt == writes++;
        if (kill && !afterwards) {
            throw new IllegalStateException("killed");
        }
        held = Optional.of(new Held(data, "tag-" + writes, held.flatMap(Held::asked)));
        if (kill) {
            throw new IllegalStateException("killed");
        }
    }

    /** An administrator asks for a new root. */
    void ask(String text) {
        held = held.map(now -> new Held(now.data(), now.tag(), Optional.of(text)));
    }

    /** Somebody edits a field by hand. */
    void edit(String field, UnaryOperator<String> change) {
        held = held.map(now -> {
            var data = new HashMap<>(now.data());
            data.compute(field, (name, value) -> change.apply(String.valueOf(value)));
            return new Held(data, now.tag() + "-edited", now.asked());
        });
    }
}
