package dev.kluis.vault.store;

class MemoryStoreTest extends StoreContract {
    @Override
    protected Store emptyStore() {
        return new MemoryStore();
    }
}
