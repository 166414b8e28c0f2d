package dev.kluis.bench;

import dev.kluis.crds.store.StoreRecord;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The records in one namespace, as resources. */
record StoredRecords(KubernetesClient client, String namespace) {

    private static final Clients CLIENTS = new Clients(32);
    private static final long PAGE = 500;

    /** Deletes them one by one: the API server takes longer for a whole collection than a request may last. */
    void delete(Predicate<StoreRecord> which) throws InterruptedException {
        var records = client.resources(StoreRecord.class).inNamespace(namespace);
        var names = new ArrayList<String>();
        @Nullable String next = null;
        do {
            var page = records.list(
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            page.getItems().stream()
                    .filter(which)
                    .forEach(record -> names.add(record.getMetadata().getName()));
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        CLIENTS.round(
                names.size(), number -> records.withName(names.get(number)).delete());
    }
}
