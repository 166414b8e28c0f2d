package dev.kluis.vault;

import dev.kluis.vault.Projection.OpenObject;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.Projection.Quarantined;
import dev.kluis.vault.Projection.Taken;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.Change;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.Store.Watching;
import dev.kluis.vault.store.StoreUnavailableException;
import dev.kluis.vault.store.Stored;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is there: the store's records as memory has them, kept up by what the store tells. */
final class Records implements AutoCloseable {

    private static final long VERIFY_AGAIN_MILLIS = 500;

    private final Store store;
    private final Projection projection;
    private final Checkpoints checkpoints;
    private final List<Consumer<ObjectId>> listeners = new CopyOnWriteArrayList<>();
    private final Set<ObjectId> suspects = ConcurrentHashMap.newKeySet();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Watching watching;

    Records(Store store, Projection projection, Checkpoints checkpoints) {
        this.store = store;
        this.projection = projection;
        this.checkpoints = checkpoints;
        Thread.ofVirtual().name("verify-store").start(this::verify);
        this.watching = store.watch(this::changed);
    }

    CountDownLatch ready() {
        return ready;
    }

    void onChange(Consumer<ObjectId> listener) {
        listeners.add(listener);
    }

    /** What memory has is held against the checkpoints before anything is served. */
    private void verify() {
        try {
            synced.await();
            while (!verified()) {
                if (closed.await(VERIFY_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            ready.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean verified() {
        try {
            checkpoints.verify();
            return true;
        } catch (StoreUnavailableException | AuditUnavailableException e) {
            return false;
        }
    }

    // What is there.

    Optional<OpenVault> vaultIfReadable(VaultId id) {
        return projection
                .get(ObjectId.vault(id))
                .filter(OpenVault.class::isInstance)
                .map(OpenVault.class::cast);
    }

    /** @throws VaultException when it is there and cannot be trusted */
    Optional<OpenVault> vault(VaultId id) {
        projection.get(ObjectId.vault(id)).ifPresent(entry -> requireReadable(ObjectId.vault(id), entry));
        return vaultIfReadable(id);
    }

    /** @throws VaultException when it is there and cannot be trusted */
    Optional<OpenObject> object(ObjectId id) {
        return projection.get(id).map(entry -> {
            requireReadable(id, entry);
            return (OpenObject) entry;
        });
    }

    private static void requireReadable(ObjectId id, Projection.Entry entry) {
        if (entry instanceof Quarantined quarantined) {
            throw new VaultException(Code.UNREADABLE, id + " cannot be read: " + quarantined.why());
        }
    }

    /** The header of an object's record, if it is there, readable and not purged. */
    Optional<RecordHeader> header(ObjectId id) {
        return projection
                .get(id)
                .filter(entry -> !(entry instanceof OpenObject object && purged(object)))
                .flatMap(Projection::header);
    }

    /** The objects of a kind in a vault that were not purged, by name, after a name in lower case. */
    Stream<OpenObject> objectsAfter(VaultId vault, ObjectKind kind, String name) {
        return projection.objectsAfter(vault, kind, name).filter(object -> !purged(object));
    }

    /** Whether no object, deleted or not, is left in a vault. */
    boolean empty(VaultId vault) {
        return Arrays.stream(ObjectKind.values())
                .filter(ObjectKind::named)
                .allMatch(kind -> objectsAfter(vault, kind, "").findAny().isEmpty());
    }

    static boolean purged(OpenObject object) {
        return object.record().state().lifecycle() instanceof Lifecycle.Purged;
    }

    static boolean purged(OpenVault vault) {
        return vault.record().state().lifecycle() instanceof Lifecycle.Purged;
    }

    /** Whether a vault was, and is no more. */
    boolean purged(VaultId id) {
        return vaultIfReadable(id).filter(Records::purged).isPresent();
    }

    /** The vaults of this name that were not purged: one, unless something went wrong. */
    Stream<VaultId> named(String name) {
        return projection
                .named(name)
                .filter(id ->
                        vaultIfReadable(id).filter(entry -> !purged(entry)).isPresent());
    }

    /** Whether another namespace's vault holds this name. */
    boolean nameTaken(VaultId id) {
        return named(id.name()).anyMatch(other -> !other.equals(id));
    }

    Stream<VaultId> vaults() {
        return projection.vaults();
    }

    Stream<ObjectId> objects(VaultId vault) {
        return projection.objects(vault);
    }

    Stream<Projection.Entry> entries(VaultId vault) {
        return projection.entries(vault);
    }

    Optional<Projection.Entry> entry(ObjectId id) {
        return projection.get(id);
    }

    // What changes.

    /** Takes in what a write of our own made. */
    void put(ObjectId id, Projection.Entry entry) {
        projection.put(id, entry);
        tell(id);
    }

    void forget(ObjectId id) {
        projection.forget(id);
    }

    /** Reads an object anew, since the store holds another record than memory. */
    void refresh(ObjectId id) {
        var before = projection.get(id);
        var stored = store.read(id);
        if (stored.isEmpty()) {
            projection.vanished(id);
            return;
        }
        var taken = projection.take(stored.get());
        // Memory may have gone on since; what the store holds now is older only if it holds it still.
        if (taken == Taken.OLDER
                && before.equals(projection.get(id))
                && store.read(id).map(Stored::tag).equals(stored.map(Stored::tag))) {
            projection.quarantine(id, "the store holds an older record than it held before", Optional.empty());
        }
    }

    private void changed(Change change) {
        switch (change) {
            case Change.Put(Stored stored) -> {
                switch (projection.take(stored)) {
                    case CHANGED -> tell(stored.id());
                    case OLDER -> suspect(stored.id());
                    case SAME -> {}
                }
            }
            case Change.Gone(ObjectId id) -> {
                projection.vanished(id);
                tell(id);
            }
            case Change.Malformed(ObjectId id, String why) -> {
                projection.quarantine(id, why, Optional.empty());
                tell(id);
            }
            case Change.Synced ignored -> synced.countDown();
        }
    }

    /** A late word of an earlier write is no news; a record that was put back is. The store itself tells which it is. */
    private void suspect(ObjectId id) {
        if (suspects.add(id)) {
            Thread.ofVirtual().name("suspect").start(() -> {
                suspects.remove(id);
                try {
                    refresh(id);
                } catch (StoreUnavailableException e) {
                    return; // the next write of it finds the same
                }
                tell(id);
            });
        }
    }

    /** Has whoever listens look at a vault and all of its objects again. */
    void tellAll(VaultId vault) {
        tell(ObjectId.vault(vault));
        projection.objects(vault).filter(id -> id.kind().named()).forEach(this::tell);
    }

    private void tell(ObjectId id) {
        if (id.kind() != ObjectKind.CHECKPOINT) {
            checkpoints.changed(id);
            listeners.forEach(listener -> listener.accept(id));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        watching.close();
    }
}
