package dev.kluis.vault.store;

import dev.kluis.vault.VaultId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An anchor in memory, which outlives engines as one outside of the process does. */
public final class MemoryAnchor implements Anchor {

    private final Map<VaultId, Long> numbers = new ConcurrentHashMap<>();

    @Override
    public Map<VaultId, Long> read() {
        return Map.copyOf(numbers);
    }

    @Override
    public void write(Map<VaultId, Long> changed) {
        changed.forEach((vault, number) ->
                numbers.merge(vault, number, (before, next) -> next == 0 ? 0 : Math.max(before, next)));
    }
}
