package dev.kluis.vault.backup;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.ObjectImport.Result;
import dev.kluis.vault.backup.ObjectImport.Result.Done;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Restores a vault from a backup file, object by object through the door. A restore that ended halfway is done again: what
 * is there already is left as it is.
 */
public final class VaultImport {

    private final Vault vault;

    public VaultImport(Vault vault) {
        this.vault = vault;
    }

    /**
     * @param signer whose files are trusted besides the vault's own
     * @param purgedToo whether what was purged after the backup was made is made again
     */
    public record Options(Optional<VerifyingKey> signer, boolean purgedToo) {}

    /** What was done. */
    public record Report(BackupHeader file, Totals totals, int restored, int updated, int skipped) {}

    /**
     * @param id the vault to restore to, which is there
     * @param in stays open
     * @param keys that open files, by the id of their public key
     * @param each is told of every object
     * @throws VaultException when the file is not to be used, or does not go on: what came before is restored
     */
    public Report restore(
            Caller caller,
            VaultId id,
            InputStream in,
            Function<String, Optional<RecipientKeyPair>> keys,
            Options options,
            Consumer<Result> each)
            throws IOException {
        var file = BackupReader.open(in, keys);
        vault.execute(caller, new VaultRestore(id, file.header(), file.vault(), options.signer()));
        var counts = new EnumMap<Done, Integer>(Done.class);
        for (var object = file.next(id); object.isPresent(); object = file.next(id)) {
            try (var one = object.get()) {
                var result = restore(caller, one, file.header().vault(), options);
                counts.merge(result.done(), 1, Integer::sum);
                each.accept(result);
            }
        }
        return new Report(
                file.header(),
                file.totals().orElseThrow(),
                counts.getOrDefault(Done.RESTORED, 0),
                counts.getOrDefault(Done.UPDATED, 0),
                counts.getOrDefault(Done.SKIPPED, 0));
    }

    private Result restore(Caller caller, ObjectSnapshot object, VaultId from, Options options) {
        ObjectId id = object.id();
        try {
            return vault.execute(caller, new ObjectImport(id, object, from, options.purgedToo()));
        } catch (VaultException e) {
            if (e.code() == Code.CONFLICT || e.code() == Code.UNREADABLE) {
                return new Result(id, Done.SKIPPED, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }
}
