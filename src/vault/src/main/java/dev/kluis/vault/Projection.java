package dev.kluis.vault;

import dev.kluis.vault.record.Checkpoint.Mark;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.CheckpointRecord;
import dev.kluis.vault.record.RecordFormat.ObjectRecord;
import dev.kluis.vault.record.RecordFormat.VaultRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store's records in memory, opened once, with values still sealed. What does not open, or does not follow from what
 * was there, quarantines its object and nothing else. See DESIGN.md.
 */
final class Projection {

    /** What memory holds of one record. */
    sealed interface Entry {
        String tag();
    }

    /** A vault, with its keys. */
    record OpenVault(String tag, VaultRecord record) implements Entry {}

    /** A secret, a key. */
    record OpenObject(String tag, ObjectRecord record) implements Entry {}

    /** A vault's checkpoint. */
    record OpenCheckpoint(String tag, CheckpointRecord record) implements Entry {}

    /** A record whose vault's record has not come yet. */
    private record Waiting(String tag, Stored stored) implements Entry {}

    /**
     * A record that cannot be trusted; its object is refused until the store holds a good one.
     *
     * @param known how far the object's record is known to have come: what is older is no good one
     */
    record Quarantined(String tag, String why, Optional<Mark> known) implements Entry {}

    /** What became of a record that the store told. */
    enum Taken {
        /** It was known, or is no news. */
        SAME,
        CHANGED,
        /** Memory holds a newer one: a late word of an earlier write, or the store was put back. */
        OLDER
    }

    /** No name comes before it. */
    private static final String FIRST_NAME = "-";

    private final RecordFormat format;
    private final Map<VaultId, ConcurrentNavigableMap<ObjectId, Entry>> vaults = new ConcurrentHashMap<>();
    private final Map<String, Set<VaultId>> byName = new ConcurrentHashMap<>();

    Projection(RecordFormat format) {
        this.format = format;
    }

    Optional<Entry> get(ObjectId id) {
        return Optional.ofNullable(vaults.get(id.vault()))
                .flatMap(objects -> Optional.ofNullable(objects.get(id)))
                .map(entry -> entry instanceof Waiting
                        ? new Quarantined(entry.tag(), "the record of its vault is not there", Optional.empty())
                        : entry);
    }

    Stream<VaultId> vaults() {
        return vaults.keySet().stream();
    }

    /** The vaults of a name, whatever became of them. */
    Stream<VaultId> named(String name) {
        return byName.getOrDefault(name, Set.of()).stream();
    }

    Stream<ObjectId> objects(VaultId vault) {
        var objects = vaults.get(vault);
        return objects == null ? Stream.empty() : objects.keySet().stream();
    }

    /** What memory holds of a vault's records, the vault's own among them, as far as they can be looked at. */
    Stream<Entry> entries(VaultId vault) {
        var objects = vaults.get(vault);
        return objects == null
                ? Stream.empty()
                : objects.values().stream().filter(entry -> !(entry instanceof Waiting));
    }

    /**
     * The readable objects of a kind in a vault by name, deleted ones and the traces of purged ones too.
     *
     * @param name those after this one, in lower case; empty is from the start
     */
    Stream<OpenObject> objectsAfter(VaultId vault, ObjectKind kind, String name) {
        var from = new ObjectId(vault, kind, name.isEmpty() ? FIRST_NAME : name);
        return Optional.ofNullable(vaults.get(vault)).stream()
                .flatMap(objects -> objects.tailMap(from, name.isEmpty()).entrySet().stream())
                .takeWhile(entry -> entry.getKey().kind() == kind)
                .map(Map.Entry::getValue)
                .filter(OpenObject.class::isInstance)
                .map(OpenObject.class::cast);
    }

    /** Takes in what a write of our own made, without opening it again. */
    void put(ObjectId id, Entry entry) {
        of(id.vault()).merge(id, entry, (before, written) -> revision(before) > revision(written) ? before : written);
    }

    /** Takes in a record from the store. */
    Taken take(Stored stored) {
        var id = stored.id();
        var before = of(id.vault()).get(id);
        if (before != null && before.tag().equals(stored.tag())) {
            return Taken.SAME;
        }
        var entry = open(stored);
        var kept = of(id.vault()).merge(id, entry, Projection::following);
        boolean taken = kept.tag().equals(stored.tag());
        if (kept instanceof OpenVault && taken) {
            takeWaiting(id.vault());
        }
        return taken ? Taken.CHANGED : Taken.OLDER;
    }

    /** Takes in a record from the store as it is, whatever memory knows of one before it. */
    void accept(Stored stored) {
        of(stored.id().vault()).put(stored.id(), open(stored));
        if (stored.id().kind() == ObjectKind.VAULT) {
            takeWaiting(stored.id().vault());
        }
    }

    /** Forgets an object whose record is gone for a reason. */
    void forget(ObjectId id) {
        of(id.vault()).remove(id);
    }

    /** Refuses an object that is there, or was. */
    void quarantine(ObjectId id, String why, Optional<Mark> known) {
        of(id.vault()).compute(id, (key, before) -> new Quarantined("", why, known.or(() -> mark(before))));
    }

    /** Refuses an object, if it is there. */
    void vanished(ObjectId id) {
        of(id.vault())
                .computeIfPresent(
                        id, (key, before) -> new Quarantined("", "its record vanished from the store", mark(before)));
    }

    private void takeWaiting(VaultId vault) {
        of(vault).replaceAll((id, entry) -> entry instanceof Waiting waiting ? open(waiting.stored()) : entry);
    }

    private ConcurrentNavigableMap<ObjectId, Entry> of(VaultId vault) {
        return vaults.computeIfAbsent(vault, key -> {
            byName.computeIfAbsent(key.name(), name -> ConcurrentHashMap.newKeySet())
                    .add(key);
            return new ConcurrentSkipListMap<>();
        });
    }

    private Entry open(Stored stored) {
        var id = stored.id();
        try {
            if (id.kind() == ObjectKind.VAULT) {
                return new OpenVault(stored.tag(), format.readVault(id, stored.bytes()));
            }
            if (of(id.vault()).get(ObjectId.vault(id.vault())) instanceof OpenVault vault) {
                var state = vault.record().state();
                return id.kind() == ObjectKind.CHECKPOINT
                        ? new OpenCheckpoint(stored.tag(), format.checkpoints().read(id, stored.bytes(), state))
                        : new OpenObject(stored.tag(), format.read(id, stored.bytes(), state));
            }
            return new Waiting(stored.tag(), stored);
        } catch (MalformedRecordException e) {
            String why = e.getMessage() == null ? "malformed" : e.getMessage();
            return new Quarantined(stored.tag(), why, Optional.empty());
        }
    }

    /** The rules of what may follow what; the chain is over headers, so that re-sealing keeps it. */
    private static Entry following(Entry before, Entry next) {
        var was = mark(before);
        if (was.isEmpty()) {
            return next;
        }
        if (next instanceof Quarantined(String tag, String why, var none)) {
            return new Quarantined(tag, why, was);
        }
        var is = header(next);
        if (is.isEmpty()) {
            return next;
        }
        long step = is.get().revision() - was.get().revision();
        if (step < 0) {
            return before instanceof Quarantined
                    ? new Quarantined(next.tag(), "the store holds an older record than it held before", was)
                    : before;
        }
        if (step == 0 && !is.get().link().equals(was.get().link())) {
            return new Quarantined(
                    next.tag(),
                    "another record has the same revision " + is.get().revision(),
                    was);
        }
        if (step == 1 && !is.get().previous().equals(was.get().link())) {
            return new Quarantined(next.tag(), "the record does not follow the one before it", was);
        }
        return next;
    }

    static Optional<RecordHeader> header(Entry entry) {
        return switch (entry) {
            case OpenVault vault -> Optional.of(vault.record().header());
            case OpenObject secret -> Optional.of(secret.record().header());
            case OpenCheckpoint checkpoint -> Optional.of(checkpoint.record().header());
            case Waiting waiting -> Optional.empty();
            case Quarantined quarantined -> Optional.empty();
        };
    }

    /** How far an object's record is known to have come. */
    static Optional<Mark> mark(@Nullable Entry entry) {
        return switch (entry) {
            case null -> Optional.empty();
            case Quarantined(String tag, String why, var known) -> known;
            case Entry other -> header(other).map(Mark::of);
        };
    }

    private static long revision(Entry entry) {
        return entry instanceof Quarantined(String tag, String why, var known)
                ? known.map(Mark::revision).orElse(0L)
                : header(entry).map(RecordHeader::revision).orElse(0L);
    }
}
