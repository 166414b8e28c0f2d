package dev.kluis.cli;

import static dev.kluis.cli.BackupCommand.column;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.backup.BackupReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a file of a whole vault, sealed anew for the operator, as it is read: neither side holds all of it. */
@Command(
        name = "restore",
        description = {
            "Restores a file to a vault that is there. It takes the role Administrator.",
            "Nothing that is there is replaced by something older. Run it again when it was cut off."
        })
final class BackupRestoreCommand extends InVault {

    @Parameters(paramLabel = "FILE", description = "The backup file.")
    private Path file = Path.of("");

    @Mixin
    private final BackupCommand.Key key = new BackupCommand.Key();

    @Option(
            names = "--signer",
            paramLabel = "HEX",
            description = "Whose files are trusted besides the vault's own: status.backup.signer where it was made.")
    private @Nullable String signer;

    @Option(names = "--purged-too", description = "Makes what was purged after the backup again.")
    private boolean purgedToo;

    BackupRestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(KluisApi api, String path) {
        String query = "?purgedToo=" + purgedToo + (signer == null ? "" : "&signer=" + checked(signer));
        try (var pair = key.read(terminal)) {
            // Read once before anything is asked for: what is no file for this key needs no cluster to be refused.
            BackupCommand.read(file, BackupReader::header);
            var offer = api.send("POST", path + "/backup/restorekey");
            long length = size(file);
            if (offer.has("limit") && length > offer.path("limit").asLong()) {
                throw CommandException.usage(file + " has " + length + " bytes, and Kluis restores at most "
                        + offer.path("limit").asLong()
                        + ": KLUIS_BACKUP_RESTORE_LIMIT of the operator, operator.backup.restoreLimit of the chart,"
                        + " says how many");
            }
            var recipient = recipient(offer);
            var report = api.upload(path + "/backup/restore" + query, length, () -> sealed(pair, recipient));
            print(report);
        }
    }

    private static RecipientKey recipient(JsonNode offer) {
        try {
            return RecipientKey.parse(offer.path("recipient").asText());
        } catch (SealedBytesException e) {
            throw new CommandException(Exit.FAULT, "what answers is no key");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read");
        }
    }

    private static String checked(String hex) {
        try {
            return VerifyingKey.ofHex(hex).hex();
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--signer is 64 lower-case hex characters of a key");
        }
    }

    /** The same file for the operator's key; values stay encrypted, and the private key stays here. */
    private InputStream sealed(RecipientKeyPair pair, RecipientKey recipient) {
        try {
            return BackupReader.sealed(
                    new BufferedInputStream(Files.newInputStream(file)), pair, recipient, new SecureRandom());
        } catch (VaultException e) {
            throw CommandException.usage(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(JsonNode report) {
        var objects = new ArrayList<JsonNode>();
        report.path("objects").forEach(objects::add);
        output.list(
                terminal,
                objects,
                one -> one.path("name").asText(),
                List.of(column("NAME", "name"), column("DONE", "done"), column("WHY", "why")));
        if (report.path("more").asInt() > 0) {
            terminal.err().println("and " + report.path("more").asInt() + " more objects");
        }
        terminal.err()
                .println(report.path("restored").asText() + " restored, "
                        + report.path("updated").asText() + " updated, "
                        + report.path("skipped").asText() + " skipped");
    }
}
