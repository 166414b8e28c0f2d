package dev.kluis.store.kubernetes;

import dev.kluis.crds.store.StoreRecord;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.store.Change;
import dev.kluis.vault.store.Store.Watching;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists, then watches from there, for ever. When the API server has forgotten where we were, it lists again and tells
 * only what differs. It keeps names and tags, not records; an informer would keep all of them a second time.
 */
final class RecordWatch implements Watching {

    private static final Logger LOG = LoggerFactory.getLogger(RecordWatch.class);
    private static final long PAGE = 500;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private record Known(ObjectId id, String tag) {}

    private final NonNamespaceOperation<StoreRecord, KubernetesResourceList<StoreRecord>, Resource<StoreRecord>>
            records;
    private final Consumer<Change> listener;
    private final Map<String, Known> known = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private Duration pause = FIRST_PAUSE;

    RecordWatch(
            NonNamespaceOperation<StoreRecord, KubernetesResourceList<StoreRecord>, Resource<StoreRecord>> records,
            Consumer<Change> listener) {
        this.records = records;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("record-watch").start(this::run);
    }

    private void run() {
        try {
            do {
                try {
                    String from = list();
                    pause = FIRST_PAUSE;
                    watch(from);
                } catch (KubernetesClientException e) {
                    LOG.warn("The store's records cannot be listed (HTTP status {}); trying again", e.getCode());
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return the version of the whole list, to watch from */
    private String list() {
        var gone = new HashSet<>(known.keySet());
        @Nullable String next = null;
        String version;
        do {
            var page = records.list(
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            page.getItems().forEach(resource -> {
                gone.remove(resource.getMetadata().getName());
                put(resource);
            });
            version = page.getMetadata().getResourceVersion();
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        gone.forEach(this::gone);
        tell(new Change.Synced());
        return version;
    }

    /** Returns when the watch cannot go on or when this was closed. */
    private void watch(String from) throws InterruptedException {
        var ended = new CountDownLatch(1);
        var watcher = new Watcher<StoreRecord>() {
            @Override
            public void eventReceived(Action action, StoreRecord resource) {
                switch (action) {
                    case ADDED, MODIFIED -> put(resource);
                    case DELETED -> gone(resource.getMetadata().getName());
                    case ERROR, BOOKMARK -> {}
                }
            }

            @Override
            public void onClose(@Nullable WatcherException cause) {
                ended.countDown();
            }
        };
        try (var watching = records.watch(
                new ListOptionsBuilder()
                        .withResourceVersion(from)
                        .withAllowWatchBookmarks(true)
                        .build(),
                watcher)) {
            ended.await();
        }
    }

    private synchronized void put(StoreRecord resource) {
        String name = resource.getMetadata().getName();
        String tag = resource.getMetadata().getResourceVersion();
        var before = known.get(name);
        if (before != null && before.tag().equals(tag)) {
            return;
        }
        var id = named(resource).or(() -> Optional.ofNullable(before).map(Known::id));
        if (id.isEmpty()) {
            LOG.warn("The resource {} in the store is not a record of Kluis and is ignored", name);
            return;
        }
        known.put(name, new Known(id.get(), tag));
        boolean confirmed = resource.getSpec() != null && id.get().toString().equals(resource.getSpec().object);
        tell(
                confirmed
                        ? new Change.Put(KubernetesStore.decode(id.get(), resource))
                        : new Change.Malformed(id.get(), "the stored resource names another object"));
    }

    /** The object whose record it is, when its name says the same. Whoever can write to the store controls it. */
    static Optional<ObjectId> named(StoreRecord resource) {
        return Optional.ofNullable(resource.getSpec())
                .map(spec -> spec.object)
                .flatMap(ResourceNames::parse)
                .filter(id ->
                        ResourceNames.record(id).equals(resource.getMetadata().getName()));
    }

    private synchronized void gone(String name) {
        var before = known.remove(name);
        if (before != null) {
            tell(new Change.Gone(before.id()));
        }
    }

    private void tell(Change change) {
        try {
            listener.accept(change);
        } catch (RuntimeException e) {
            // One record must not stop the others; the engine quarantines what it can name itself.
            LOG.error("A change in the store could not be taken in", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
