package dev.kluis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kluis.cli.UnsealCommand.Passphrase;
import dev.kluis.crypto.OfficerKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.backup.BackupHeader;
import dev.kluis.vault.backup.BackupReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Backup files of whole vaults. */
@Command(
        name = "backup",
        description = "Makes backups of vaults, looks into their files, and restores them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UnsealCommand.Keygen.class,
            BackupCreateCommand.class,
            BackupListCommand.class,
            BackupCommand.Inspect.class,
            BackupCommand.Verify.class,
            BackupRestoreCommand.class
        })
final class BackupCommand {

    private static final List<Output.Column> HEADER = List.of(
            column("VAULT", "vault"),
            column("CREATED", "created"),
            column("EXPIRES", "expires"),
            column("RECIPIENT", "recipient"),
            column("SIGNER", "signer"));

    private static final List<Output.Column> CONTENTS = List.of(
            column("VAULT", "vault"),
            column("CREATED", "created"),
            column("OBJECTS", "objects"),
            column("DELETED", "deleted"),
            column("VERSIONS", "versions"),
            column("UNREADABLE", "unreadable"),
            column("SIGNER", "signer"));

    static Output.Column column(String heading, String field) {
        return new Output.Column(heading, one -> one.path(field).asText());
    }

    private static ObjectNode describe(BackupHeader header) {
        return new ObjectMapper()
                .createObjectNode()
                .put("vault", header.vault().toString())
                .put("created", header.created().toString())
                .put("expires", header.expires().toString())
                .put("recipient", header.recipient())
                .put("signer", header.signer().hex());
    }

    interface Reading<T> {
        T read(InputStream in) throws IOException;
    }

    static <T> T read(Path file, Reading<T> reading) {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return reading.read(in);
        } catch (VaultException e) {
            throw CommandException.usage(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw CommandException.usage(file + " cannot be read");
        }
    }

    /** The key that opens files. */
    static final class Key {

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "The private key, as keygen wrote it. It stays on this machine.")
        private Path file = Path.of("");

        @Mixin
        private final Passphrase passphrase = new Passphrase();

        RecipientKeyPair read(Terminal terminal) {
            String text = OfficerFile.read(file);
            try (var secret =
                    OfficerKey.needsPassphrase(text) ? passphrase.ask(terminal) : SecretBytes.owning(new byte[0])) {
                return OfficerKey.read(text, secret);
            } catch (SealedBytesException e) {
                throw CommandException.usage(String.valueOf(e.getMessage()));
            }
        }
    }

    @Command(
            name = "inspect",
            description = "Tells what a file says of itself. It needs no key and no cluster, and proves nothing.")
    static final class Inspect implements Callable<Integer> {

        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "The backup file.")
        private Path file = Path.of("");

        @Mixin
        private final Output output = new Output();

        Inspect(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var header = read(file, BackupReader::header);
            output.one(terminal, describe(header), one -> one.path("vault").asText(), HEADER);
            return Exit.OK;
        }
    }

    @Command(
            name = "verify",
            description = "Opens a file to its end: that it is whole, unchanged and signed. It needs no cluster.")
    static final class Verify implements Callable<Integer> {

        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "The backup file.")
        private Path file = Path.of("");

        @Mixin
        private final Key key = new Key();

        @Option(
                names = "--signer",
                paramLabel = "HEX",
                description = "Who must have signed it: status.backup.signer of the Vault.")
        private @Nullable String signer;

        @Mixin
        private final Output output = new Output();

        Verify(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            try (var pair = key.read(terminal)) {
                var contents = read(file, in -> verified(BackupReader.open(in, pair)));
                if (signer != null && !contents.path("signer").asText().equals(signer)) {
                    throw new CommandException(Exit.REFUSED, file + " is signed by another key");
                }
                output.one(terminal, contents, one -> one.path("vault").asText(), CONTENTS);
            }
            return Exit.OK;
        }

        private static ObjectNode verified(BackupReader reader) throws IOException {
            var totals = reader.verify();
            return describe(reader.header())
                    .put("objects", totals.objects())
                    .put("deleted", totals.deleted())
                    .put("versions", totals.versions())
                    .put("unreadable", totals.unreadable())
                    .put("digest", totals.digest());
        }
    }
}
