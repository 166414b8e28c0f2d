package dev.kluis.vault.model;

import dev.kluis.vault.store.MemoryStore;
import dev.kluis.vault.store.Store;

class MemoryModelBasedTest extends ModelBasedTest {
    @Override
    protected Store emptyStore() {
        return new MemoryStore();
    }

    @Override
    protected int operations() {
        return 60_000;
    }
}
