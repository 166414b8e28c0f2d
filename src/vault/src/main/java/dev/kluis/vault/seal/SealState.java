package dev.kluis.vault.seal;

import dev.kluis.vault.store.ConflictException;
import java.util.Map;
import java.util.Optional;

/** Where a seal keeps what is public about it; one place, written by compare-and-set. */
public interface SealState {

    /**
     * @param tag what a write is compared with
     * @param asked what an administrator wrote beside it who wants a new root: every new text asks for one
     */
    record Held(Map<String, String> data, String tag, Optional<String> asked) {
        public Held {
            data = Map.copyOf(data);
        }

        public Held(Map<String, String> data, String tag) {
            this(data, tag, Optional.empty());
        }
    }

    Optional<Held> read();

    /**
     * @param tag of what is replaced; empty where nothing may be there
     * @throws ConflictException when something else is there; nothing was written
     */
    void put(Optional<String> tag, Map<String, String> data) throws ConflictException;
}
