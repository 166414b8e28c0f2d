package dev.kluis.vault.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store keeps to; each store's test extends it. */
public abstract class StoreContract {

    private static final VaultId VAULT = new VaultId("payments", "payments");

    private Store store;

    /** A store with nothing in it. */
    protected abstract Store emptyStore();

    @BeforeEach
    void open() {
        store = emptyStore();
    }

    @Test
    void a_record_that_was_written_is_read_back() throws Exception {
        var id = ObjectId.secret(VAULT, "a");
        var written = store.compareAndSet(id, Optional.empty(), bytes("1"));

        assertThat(store.read(id)).contains(written);
        assertThat(written.bytes()).isEqualTo(bytes("1"));
        assertThat(store.read(ObjectId.secret(VAULT, "b"))).isEmpty();
        assertThat(store.read(ObjectId.vault(VAULT))).isEmpty();
    }

    @Test
    void names_that_are_legal_in_a_vault_are_legal_in_the_store() throws Exception {
        for (String name : List.of("-", "0", "-dash-", "a".repeat(127), "UPPER-Case", "1-2-3")) {
            var id = ObjectId.secret(VAULT, name);
            var written = store.compareAndSet(id, Optional.empty(), bytes(name));
            assertThat(store.read(id)).contains(written);
        }
    }

    @Test
    void a_second_creation_is_a_conflict_and_changes_nothing() throws Exception {
        var id = ObjectId.secret(VAULT, "a");
        var written = store.compareAndSet(id, Optional.empty(), bytes("1"));

        assertThatThrownBy(() -> store.compareAndSet(id, Optional.empty(), bytes("2")))
                .isInstanceOf(ConflictException.class);
        assertThat(store.read(id)).contains(written);
    }

    @Test
    void a_write_on_an_old_tag_is_a_conflict_and_changes_nothing() throws Exception {
        var id = ObjectId.secret(VAULT, "a");
        var first = store.compareAndSet(id, Optional.empty(), bytes("1"));
        var second = store.compareAndSet(id, Optional.of(first.tag()), bytes("2"));

        assertThat(second.tag()).isNotEqualTo(first.tag());
        assertThatThrownBy(() -> store.compareAndSet(id, Optional.of(first.tag()), bytes("3")))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.delete(id, first.tag())).isInstanceOf(ConflictException.class);
        assertThat(store.read(id)).contains(second);
    }

    @Test
    void a_write_on_what_is_not_there_is_a_conflict() throws Exception {
        var id = ObjectId.secret(VAULT, "a");
        var gone = store.compareAndSet(id, Optional.empty(), bytes("1"));
        store.delete(id, gone.tag());

        assertThatThrownBy(() -> store.compareAndSet(id, Optional.of(gone.tag()), bytes("2")))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.delete(id, gone.tag())).isInstanceOf(ConflictException.class);
        assertThat(store.read(id)).isEmpty();
    }

    @Test
    void of_many_writers_at_once_exactly_one_wins_each_round() throws Exception {
        var id = ObjectId.secret(VAULT, "a");
        var start = store.compareAndSet(id, Optional.empty(), bytes("0"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                var mine = bytes("w" + i);
                writers.add(() -> {
                    try {
                        store.compareAndSet(id, Optional.of(start.tag()), mine);
                        return true;
                    } catch (ConflictException e) {
                        return false;
                    }
                });
            }
            int winners = 0;
            for (Future<Boolean> result : threads.invokeAll(writers)) {
                winners += result.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
    }

    @Test
    void content_is_kept_never_changes_and_can_be_removed() {
        var id = ObjectId.secret(VAULT, "a");
        String version = "0123456789abcdef0123456789abcdef";
        store.putContent(id, version, "first".getBytes(UTF_8));
        store.putContent(id, version, "second".getBytes(UTF_8));

        assertThat(store.readContent(id, version))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo("first".getBytes(UTF_8)));
        store.deleteContent(id, version);
        store.deleteContent(id, version);
        assertThat(store.readContent(id, version)).isEmpty();
    }

    @Test
    void a_watch_tells_what_is_there_then_that_it_is_synced_then_each_change() throws Exception {
        var before = store.compareAndSet(ObjectId.secret(VAULT, "a"), Optional.empty(), bytes("1"));
        var told = new CopyOnWriteArrayList<Change>();
        try (var watching = store.watch(told::add)) {
            await().until(() -> told.contains(new Change.Synced()));
            assertThat(told).containsExactly(new Change.Put(before), new Change.Synced());

            var changed = store.compareAndSet(before.id(), Optional.of(before.tag()), bytes("2"));
            await().until(() -> told.contains(new Change.Put(changed)));
            store.delete(before.id(), changed.tag());
            await().until(() -> told.contains(new Change.Gone(before.id())));
        }
    }

    @Test
    void the_largest_record_and_the_largest_content_are_kept() throws Exception {
        var id = ObjectId.secret(VAULT, "large");
        var largest = new RecordBytes(new byte[1024], new byte[Store.RECORD_LIMIT - 1024]);
        var written = store.compareAndSet(id, Optional.empty(), largest);
        store.putContent(id, "0".repeat(32), new byte[Store.CONTENT_LIMIT]);

        assertThat(store.read(id)).contains(written);
        assertThat(store.readContent(id, "0".repeat(32)))
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(Store.CONTENT_LIMIT));
    }

    private static RecordBytes bytes(String text) {
        return new RecordBytes(("header " + text).getBytes(UTF_8), ("sealed " + text).getBytes(UTF_8));
    }

    @Test
    void contents_are_listed_by_the_names_that_remove_them() {
        var id = ObjectId.secret(VAULT, "a");
        store.putContent(id, "1", new byte[] {1});
        store.putContent(id, "2", new byte[] {2});
        store.putContent(ObjectId.secret(VAULT, "b"), "1", new byte[] {3});
        assertThat(store.listContents())
                .contains(store.contentName(id, "1"), store.contentName(id, "2"))
                .contains(store.contentName(ObjectId.secret(VAULT, "b"), "1"));

        store.deleteContent(store.contentName(id, "1"));
        store.deleteContent(store.contentName(id, "1"));
        assertThat(store.readContent(id, "1")).isEmpty();
        assertThat(store.readContent(id, "2")).isPresent();
        assertThat(store.listContents()).doesNotContain(store.contentName(id, "1"));
    }
}
