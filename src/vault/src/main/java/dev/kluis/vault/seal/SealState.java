package dev.kluis.vault.seal;

import dev.kluis.vault.VaultException;
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

        /** @throws VaultException where another kind of seal wrote it */
        void requireKind(String kind) {
            if (!kind.equals(data.get("kind"))) {
                throw new VaultException(
                        VaultException.Code.CONFLICT,
                        "the ConfigMap kluis-seal is that of another kind of seal: set seal.kind to what it says");
            }
        }
    }

    Optional<Held> read();

    /**
     * @param tag of what is replaced; empty where nothing may be there
     * @throws ConflictException when something else is there; nothing was written
     */
    void put(Optional<String> tag, Map<String, String> data) throws ConflictException;
}
