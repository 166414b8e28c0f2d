package dev.kluis.vault;

import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.SecretRecord;
import dev.kluis.vault.record.RecordFormat.VaultRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

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

    /** A secret. */
    record OpenSecret(String tag, SecretRecord record) implements Entry {}

    /** A record whose vault's record has not come yet. */
    private record Waiting(String tag, Stored stored) implements Entry {}

    /** A record that cannot be trusted; its object is refused until the store holds a good one. */
    record Quarantined(String tag, String why) implements Entry {}

    private final RecordFormat format;
    private final Map<VaultId, ConcurrentNavigableMap<ObjectId, Entry>> vaults = new ConcurrentHashMap<>();

    Projection(RecordFormat format) {
        this.format = format;
    }

    Optional<Entry> get(ObjectId id) {
        return Optional.ofNullable(vaults.get(id.vault()))
                .flatMap(objects -> Optional.ofNullable(objects.get(id)))
                .map(entry -> entry instanceof Waiting
                        ? new Quarantined(entry.tag(), "the record of its vault is not there")
                        : entry);
    }

    Stream<VaultId> vaults() {
        return vaults.keySet().stream();
    }

    Stream<ObjectId> objects(VaultId vault) {
        return Optional.ofNullable(vaults.get(vault)).stream().flatMap(objects -> objects.keySet().stream());
    }

    /**
     * The readable secrets of a vault by name, deleted ones and the traces of purged ones too.
     *
     * @param name those after this one, in lower case; empty is from the start
     */
    Stream<OpenSecret> secretsAfter(VaultId vault, String name) {
        var from = name.isEmpty() ? ObjectId.vault(vault) : ObjectId.secret(vault, name);
        return Optional.ofNullable(vaults.get(vault)).stream()
                .flatMap(objects -> objects.tailMap(from, false).values().stream())
                .filter(OpenSecret.class::isInstance)
                .map(OpenSecret.class::cast);
    }

    /** Takes in what a write of our own made, without opening it again. */
    void put(ObjectId id, Entry entry) {
        of(id.vault()).merge(id, entry, (before, written) -> revision(before) > revision(written) ? before : written);
    }

    /**
     * Takes in a record from the store.
     *
     * @return whether the object is another one now
     */
    boolean take(Stored stored) {
        var id = stored.id();
        var before = of(id.vault()).get(id);
        if (before != null && before.tag().equals(stored.tag())) {
            return false;
        }
        var entry = open(stored);
        var kept = of(id.vault()).merge(id, entry, Projection::following);
        if (kept instanceof OpenVault && kept.tag().equals(stored.tag())) {
            takeWaiting(id.vault());
        }
        return before == null || !kept.tag().equals(before.tag());
    }

    /** Takes in that a record is gone, which happens to a purged vault's objects only, and those were forgotten. */
    void vanished(ObjectId id) {
        of(id.vault()).computeIfPresent(id, (key, entry) -> new Quarantined("", "its record vanished from the store"));
    }

    /** Forgets an object whose record is about to be removed with its whole vault. */
    void forget(ObjectId id) {
        of(id.vault()).remove(id);
    }

    void quarantine(ObjectId id, String why) {
        of(id.vault()).put(id, new Quarantined("", why));
    }

    private void takeWaiting(VaultId vault) {
        of(vault).replaceAll((id, entry) -> entry instanceof Waiting waiting ? open(waiting.stored()) : entry);
    }

    private ConcurrentNavigableMap<ObjectId, Entry> of(VaultId vault) {
        return vaults.computeIfAbsent(vault, key -> new ConcurrentSkipListMap<>());
    }

    private Entry open(Stored stored) {
        var id = stored.id();
        try {
            if (id.kind() == ObjectKind.VAULT) {
                return new OpenVault(stored.tag(), format.readVault(id, stored.bytes()));
            }
            if (of(id.vault()).get(ObjectId.vault(id.vault())) instanceof OpenVault vault) {
                var state = vault.record().state();
                return new OpenSecret(stored.tag(), format.read(id, stored.bytes(), any -> state));
            }
            return new Waiting(stored.tag(), stored);
        } catch (MalformedRecordException e) {
            return new Quarantined(stored.tag(), e.getMessage() == null ? "malformed" : e.getMessage());
        }
    }

    /** The rules of what may follow what; the chain is over headers, so that re-sealing keeps it. */
    private static Entry following(Entry before, Entry next) {
        var was = header(before);
        var is = header(next);
        if (was.isEmpty() || is.isEmpty()) {
            return next;
        }
        long step = is.get().revision() - was.get().revision();
        if (step < 0) {
            return before; // a late event of an earlier write; a rollback shows when the next write conflicts
        }
        if (step == 0 && !is.get().link().equals(was.get().link())) {
            return new Quarantined(
                    next.tag(),
                    "another record has the same revision " + is.get().revision());
        }
        if (step == 1 && !is.get().previous().equals(was.get().link())) {
            return new Quarantined(next.tag(), "the record does not follow the one before it");
        }
        return next;
    }

    static Optional<RecordHeader> header(Entry entry) {
        return switch (entry) {
            case OpenVault vault -> Optional.of(vault.record().header());
            case OpenSecret secret -> Optional.of(secret.record().header());
            case Waiting waiting -> Optional.empty();
            case Quarantined quarantined -> Optional.empty();
        };
    }

    private static long revision(Entry entry) {
        return header(entry).map(RecordHeader::revision).orElse(0L);
    }
}
