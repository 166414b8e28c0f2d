package dev.kluis.operator.backup;

import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination;
import dev.kluis.vault.backup.BackupDestination.Kept;
import dev.kluis.vault.backup.BackupHeader;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.BackupNote;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.BackupRequests.VaultBackupList.Known;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What lies at a vault's destination. Whoever can write there made any of it, so that each file is shown with what of it is
 * proved: its header by the vault's signature, how much is in it by the vault's note.
 */
public final class KeptBackups {

    private final Backups backups;

    public KeptBackups(Backups backups) {
        this.backups = backups;
    }

    /**
     * A file.
     *
     * @param header absent where it has none
     * @param note absent where there is none of this vault
     * @param trouble what is wrong with it; empty is nothing that can be seen from outside
     */
    public record One(
            BackupName name, long bytes, Optional<BackupHeader> header, Optional<BackupNote> note, String trouble) {}

    /**
     * @param files the newest first
     * @param older how many more there are
     */
    public record Listing(List<One> files, int older) {}

    /**
     * @param known what the vault's own files are known by
     * @param limit how many are looked into
     * @throws VaultException when the vault declares no backup
     */
    public Listing list(VaultId id, Known known, int limit) throws BackupFailedException {
        var backup = backups.declared(id)
                .orElseThrow(() -> new VaultException(
                        Code.CONFLICT, "the Vault " + id + " declares no backup: its spec.backup says where they are"));
        return backups.making().at(id, backup.place(), destination -> list(id, known, limit, destination));
    }

    private static Listing list(VaultId id, Known known, int limit, BackupDestination destination) throws IOException {
        var kept = destination.list(new BackupName.Folder(id));
        kept.sort(Comparator.comparing(Kept::name, BackupName.BY_TIME.reversed()));
        var files = new ArrayList<One>();
        for (var one : kept.subList(0, Math.min(limit, kept.size()))) {
            files.add(one(one, known, destination));
        }
        return new Listing(files, kept.size() - files.size());
    }

    private static One one(Kept kept, Known known, BackupDestination destination) throws IOException {
        var header = header(kept, destination);
        if (header.isEmpty()) {
            return new One(kept.name(), kept.bytes(), header, Optional.empty(), "it is no backup file");
        }
        var file = header.get();
        var note = destination.note(kept.name()).flatMap(bytes -> known.notes().open(file, bytes));
        return new One(kept.name(), kept.bytes(), header, note, trouble(kept, file, note, known));
    }

    private static String trouble(Kept kept, BackupHeader file, Optional<BackupNote> note, Known known) {
        if (!file.signatureFits()) {
            return "its header was changed";
        }
        if (!file.vault().equals(kept.name().vault())) {
            return "it is of the vault " + file.vault();
        }
        if (!file.signer().hex().equals(known.identity().signer())) {
            return "another vault signed it: " + file.signer().hex();
        }
        return note.filter(one -> one.bytes() != kept.bytes())
                .map(one -> "it was written with " + one.bytes() + " bytes")
                .orElse("");
    }

    private static Optional<BackupHeader> header(Kept kept, BackupDestination destination) throws IOException {
        if (kept.bytes() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    BackupReader.header(new ByteArrayInputStream(destination.head(kept.name(), BackupHeader.LIMIT))));
        } catch (VaultException e) {
            return Optional.empty();
        }
    }
}
