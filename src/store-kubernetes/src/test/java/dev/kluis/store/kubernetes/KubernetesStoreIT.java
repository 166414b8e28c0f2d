package dev.kluis.store.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.store.Content;
import dev.kluis.crds.store.StoreRecord;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.store.Change;
import dev.kluis.vault.store.RecordBytes;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.StoreContract;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class KubernetesStoreIT extends StoreContract {

    private static final ObjectId SECRET = ObjectId.secret(new VaultId("payments", "payments"), "a");

    private final String namespace = ApiServer.shared().newNamespace("store");

    @Override
    protected Store emptyStore() {
        return new KubernetesStore(ApiServer.shared().client(), namespace);
    }

    @Test
    void a_resource_that_names_another_object_is_told_as_malformed() throws Exception {
        var store = emptyStore();
        var written = store.compareAndSet(SECRET, Optional.empty(), bytes());
        var told = new CopyOnWriteArrayList<Change>();
        try (var watching = store.watch(told::add)) {
            await().until(() -> told.contains(new Change.Put(written)));
            edit("payments/payments/secrets/b", null);
            await().until(() ->
                    told.contains(new Change.Malformed(SECRET, "the stored resource names another object")));
        }
    }

    @Test
    void a_record_that_is_not_base64_is_told_as_one_without_bytes() throws Exception {
        var store = emptyStore();
        store.compareAndSet(SECRET, Optional.empty(), bytes());
        edit(SECRET.toString(), "%%%");
        var told = new CopyOnWriteArrayList<Change>();
        try (var watching = store.watch(told::add)) {
            await().until(() -> told.contains(new Change.Synced()));
            assertThat(((Change.Put) told.getFirst()).stored().bytes().header()).isEmpty();
        }
    }

    @Test
    void a_resource_that_is_no_record_is_ignored() throws Exception {
        var store = emptyStore();
        var foreign = new StoreRecord();
        foreign.getMetadata().setName("foreign");
        foreign.setSpec(new StoreRecord.Sealed());
        foreign.getSpec().object = "payments/payments/secrets/a";
        foreign.getSpec().header = "AAAA";
        foreign.getSpec().sealed = "AAAA";
        ApiServer.shared().client().resource(foreign).inNamespace(namespace).create();
        var told = new CopyOnWriteArrayList<Change>();
        try (var watching = store.watch(told::add)) {
            await().until(() -> told.contains(new Change.Synced()));
            assertThat(told).containsExactly(new Change.Synced());
        }
    }

    @Test
    void more_records_than_one_page_are_all_told() throws Exception {
        var store = emptyStore();
        for (int i = 0; i < 501; i++) {
            store.compareAndSet(ObjectId.secret(SECRET.vault(), "many-" + i), Optional.empty(), bytes());
        }
        var told = new CopyOnWriteArrayList<Change>();
        try (var watching = store.watch(told::add)) {
            await().until(() -> told.contains(new Change.Synced()));
            assertThat(told).hasSize(502);
        }
    }

    @Test
    void the_api_server_itself_refuses_to_change_content() {
        var store = emptyStore();
        store.putContent(SECRET, "0".repeat(32), "first".getBytes(UTF_8));
        var contents = ApiServer.shared().client().resources(Content.class).inNamespace(namespace);
        var resource = contents.list().getItems().getFirst();
        resource.getSpec().sealed = "AAAA";
        assertThatThrownBy(() -> contents.resource(resource).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("content never changes");
    }

    @Test
    void where_there_is_no_content_none_is_listed() {
        assertThat(emptyStore().listContents()).isEmpty();
    }

    private void edit(String object, String header) {
        ApiServer.shared()
                .client()
                .resources(StoreRecord.class)
                .inNamespace(namespace)
                .withName(ResourceNames.record(SECRET))
                .edit(resource -> {
                    resource.getSpec().object = object;
                    if (header != null) {
                        resource.getSpec().header = header;
                    }
                    return resource;
                });
    }

    private static RecordBytes bytes() {
        return new RecordBytes("header".getBytes(UTF_8), "sealed".getBytes(UTF_8));
    }
}
