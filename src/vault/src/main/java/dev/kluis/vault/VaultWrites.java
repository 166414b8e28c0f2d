package dev.kluis.vault;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.Projection.OpenVault;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.record.RecordFormat.VaultRecord;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Puts vaults into records, and makes their keys. */
final class VaultWrites {

    private final Store store;
    private final RecordFormat format;
    private final Records records;
    private final Consumer<RecordHeader> beforeLoss;
    private final SecureRandom random;

    /** @param beforeLoss is told of each record before it goes */
    VaultWrites(
            Store store, RecordFormat format, Records records, Consumer<RecordHeader> beforeLoss, SecureRandom random) {
        this.store = store;
        this.format = format;
        this.records = records;
        this.beforeLoss = beforeLoss;
        this.random = random;
    }

    static VaultOperation.Existing existing(VaultRecord record) {
        var recipient = record.state().recipients().lastEntry().getValue();
        return new VaultOperation.Existing(
                record.header(),
                record.state().settings(),
                record.state().lifecycle(),
                recipient.keys().publicKey(),
                recipient.created(),
                record.state());
    }

    OpenVault write(RecordHeader header, VaultOperation.Outcome.Put<?> put, Optional<OpenVault> before)
            throws ConflictException {
        // New keys with a purge: nothing that was sealed before can be opened again.
        var keeping = before.filter(entry -> !(put.lifecycle() instanceof Lifecycle.Purged));
        var live = keeping.filter(entry -> !Records.purged(entry));
        var kept = keeping.map(entry -> entry.record().state().with(put.settings()))
                .orElseGet(() -> newVault(put.settings(), header.time(), before))
                .in(put.lifecycle())
                .adopting(put.adopted());
        var state = switch (put.keys()) {
            case KEEP -> kept;
            case ROTATE -> kept.rotating(SealingKey.generate(random), newRecipient(header.time()));
            case RETIRE -> kept.retiring();
        };
        var vaultKey = keeping.filter(entry -> put.keys() != VaultOperation.Outcome.Keys.ROTATE)
                .map(entry -> entry.record().vaultKey())
                .orElseGet(() -> SealingKey.generate(random));
        var complete = header.with(ownership(header, put, live)).withCommitment(RecordFormat.commitment(state));
        var stored =
                store.compareAndSet(header.id(), before.map(OpenVault::tag), format.write(complete, state, vaultKey));
        return new OpenVault(stored.tag(), new VaultRecord(complete, state, vaultKey));
    }

    /** A vault is its resource's; the record remembers what that asked for last. */
    private static Optional<Ownership> ownership(
            RecordHeader header, VaultOperation.Outcome.Put<?> put, Optional<OpenVault> live) {
        var id = header.id().vault();
        String handled = put.handled()
                .or(() -> live.flatMap(entry -> entry.record().header().ownership())
                        .map(Ownership::rotate))
                .orElse("");
        return Optional.of(
                new Ownership(new Owner(Authorization.VAULT_RESOURCE, id.namespace(), id.name()), handled, false, ""));
    }

    /** A generation never comes again, or a content that a kill left behind could have the name of a new one. */
    private VaultState newVault(VaultSettings settings, Instant now, Optional<OpenVault> before) {
        int generation = before.map(entry -> entry.record().state().dataKeys().lastKey() + 1)
                .orElse(1);
        var dataKeys = new TreeMap<Integer, SealingKey>();
        dataKeys.put(generation, SealingKey.generate(random));
        var recipients = new TreeMap<Integer, VaultRecipient>();
        recipients.put(1, newRecipient(now));
        return new VaultState(settings, new Lifecycle.Active(), SealingKey.generate(random), dataKeys, recipients);
    }

    private VaultRecipient newRecipient(Instant now) {
        return new VaultRecipient(now, RecipientKeyPair.generate(random));
    }

    /** To be called before a vault is purged: after it nothing can be read that its objects' records tell. */
    void beforeKeysGo(VaultId vault) {
        records.objects(vault).filter(one -> one.kind().named()).forEach(this::beforeLoss);
    }

    private void beforeLoss(ObjectId id) {
        records.entry(id).flatMap(Projection::header).ifPresent(beforeLoss);
    }

    /** Removes what is left of a purged vault's objects: the records that say that they were purged. */
    void removeObjects(VaultId vault) throws ConflictException {
        for (var id : records.objects(vault).filter(one -> one.kind().named()).toList()) {
            beforeLoss(id);
            var stored = store.read(id);
            if (stored.isPresent()) {
                store.delete(id, stored.get().tag());
            }
            records.forget(id); // what could not be removed stays known, to be removed later
        }
    }
}
