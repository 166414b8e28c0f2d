package dev.kluis.vault;

import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordFormat;
import dev.kluis.vault.seal.RootRotation;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.Stored;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The wrapped keys of all vaults, and the signatures of their checkpoints, as they lie in the store. Wrapping one anew leaves header and state as they are, so the
 * chain goes on and the engine takes the record in as it takes in any other writer's.
 */
public final class VaultKeys implements RootRotation.WrappedKeys {

    private final Store store;
    private final RecordFormat format;
    private final Supplier<List<VaultId>> vaults;

    /** @param vaults all that have a record, of whatever state */
    public VaultKeys(Store store, Seal seal, Supplier<List<VaultId>> vaults, SecureRandom random) {
        this.store = store;
        this.format = new RecordFormat(seal, random);
        this.vaults = vaults;
    }

    @Override
    public int total() {
        return vaults.get().size();
    }

    /** Asks the store, since memory may be behind, and an old root that is still needed must not be let go. */
    @Override
    public List<VaultId> behind() {
        return vaults.get().stream().filter(vault -> !current(vault)).toList();
    }

    private boolean current(VaultId vault) {
        var stored = read(vault);
        try {
            return stored.isEmpty() || (format.current(stored.get().bytes()) && checkpointCurrent(vault));
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    /** Its signature has to be by the newest root's key too; the engine writes it anew by itself. */
    private boolean checkpointCurrent(VaultId vault) throws MalformedRecordException {
        var checkpoint = store.read(ObjectId.checkpoint(vault));
        return checkpoint.isEmpty()
                || format.checkpoints().current(checkpoint.get().bytes());
    }

    @Override
    public void reseal(VaultId vault) {
        var stored = read(vault);
        if (stored.isEmpty()) {
            return;
        }
        var id = ObjectId.vault(vault);
        try {
            if (format.current(stored.get().bytes())) {
                return;
            }
            var record = format.readVault(id, stored.get().bytes());
            store.compareAndSet(
                    id,
                    Optional.of(stored.get().tag()),
                    format.write(record.header(), record.state(), record.vaultKey()));
        } catch (MalformedRecordException e) {
            throw new VaultException(VaultException.Code.UNREADABLE, vault + " cannot be read: " + e.getMessage());
        } catch (ConflictException e) {
            throw new VaultException(VaultException.Code.CONFLICT, vault + " was written at the same time");
        }
    }

    private Optional<Stored> read(VaultId vault) {
        return store.read(ObjectId.vault(vault));
    }
}
