package dev.kluis.store.kubernetes;

import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.model.ModelBasedTest;
import dev.kluis.vault.store.Store;

class KubernetesModelBasedIT extends ModelBasedTest {
    @Override
    protected Store emptyStore() {
        return new KubernetesStore(
                ApiServer.shared().client(), ApiServer.shared().newNamespace("model"));
    }

    @Override
    protected int operations() {
        return 10_500;
    }
}
