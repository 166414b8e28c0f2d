package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.crypto.OfficerKey;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.seal.ShareFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The seal of kind shamir: officers' keys, shares, and the ceremony. */
@Command(
        name = "unseal",
        description = "Deals the root key to officers, and takes their shares.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UnsealCommand.Keygen.class,
            UnsealCommand.Init.class,
            UnsealCommand.Status.class,
            UnsealCommand.Submit.class,
            UnsealCommand.Resplit.class
        })
final class UnsealCommand {

    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("KIND", seal -> seal.path("kind").asText()),
            new Output.Column("PHASE", seal -> seal.path("phase").asText()),
            new Output.Column("SET", seal -> seal.path("set").path("id").asText()),
            new Output.Column("SUBMITTED", UnsealCommand::submitted),
            new Output.Column("ROTATION", UnsealCommand::rotation));

    private UnsealCommand() {}

    private static String submitted(JsonNode seal) {
        var ceremony = seal.path("ceremony");
        return ceremony.isMissingNode()
                ? "-"
                : ceremony.path("submitted").size() + " of "
                        + ceremony.path("threshold").asInt();
    }

    private static String rotation(JsonNode seal) {
        var rotation = seal.path("rotation");
        return rotation.path("rotating").asBoolean()
                ? rotation.path("done").asInt() + " of "
                        + rotation.path("total").asInt()
                : "-";
    }

    @Command(
            name = "keygen",
            description = {
                "Makes an officer's key: FILE holds the private one, FILE.pub the public one.",
                "The private key is protected by a passphrase."
            })
    static final class Keygen implements Callable<Integer> {

        private final Terminal terminal;

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the private key goes.")
        private Path out = Path.of("");

        @Option(names = "--no-passphrase", description = "Whoever has the file has the key.")
        private boolean unprotected;

        @Mixin
        private final Passphrase passphrase = new Passphrase();

        Keygen(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var random = new SecureRandom();
            try (var pair = RecipientKeyPair.generate(random)) {
                String id = pair.publicKey().id();
                OfficerFile.write(out, "# The private key of a Kluis officer, key " + id, privateLine(pair, random));
                OfficerFile.write(
                        Path.of(out + ".pub"),
                        "# The public key of a Kluis officer, key " + id,
                        pair.publicKey().text());
                terminal.out().println(pair.publicKey().text());
            }
            return Exit.OK;
        }

        private String privateLine(RecipientKeyPair pair, SecureRandom random) {
            if (unprotected) {
                return OfficerKey.write(pair);
            }
            try (var secret = passphrase.choose(terminal)) {
                return OfficerKey.write(pair, secret, random);
            }
        }
    }

    /** Deals to officers and writes a share file for each. */
    abstract static class Deal implements Callable<Integer> {

        private final Terminal terminal;
        private final String path;

        @Option(
                names = "--officer",
                required = true,
                paramLabel = "FILE",
                description = "The public key of an officer; one option for each.")
        private List<Path> officers = List.of();

        @Option(
                names = "--threshold",
                required = true,
                paramLabel = "N",
                description = "How many officers suffice, at least 2.")
        private int threshold;

        @Option(
                names = "--out",
                paramLabel = "FOLDER",
                description = "Where the share files go; default the current folder.")
        private Path folder = Path.of("");

        @Mixin
        private final Connection connection = new Connection();

        Deal(Terminal terminal, String path) {
            this.terminal = terminal;
            this.path = path;
        }

        @Override
        public Integer call() {
            var keys = officers.stream().map(Deal::key).toList();
            JsonNode answer;
            try (var api = connection.open()) {
                answer = api.send("POST", path, json -> {
                    json.writeStartObject();
                    json.writeNumberField("threshold", threshold);
                    json.writeArrayFieldStart("officers");
                    for (var key : keys) {
                        json.writeString(key.text());
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
            }
            answer.path("shares").forEach(this::write);
            return Exit.OK;
        }

        /** What the server answered names no path here. */
        private void write(JsonNode dealt) {
            String text = dealt.path("share").asText();
            try {
                var share = ShareFile.parse(text);
                var file = folder.resolve("kluis-share-" + share.set().substring(0, 8) + "-" + share.index());
                OfficerFile.write(file, "# Kluis " + share, text);
                terminal.out().println(file + ": for the officer's key " + share.officer());
            } catch (SealedBytesException e) {
                throw new CommandException(Exit.FAULT, "what was answered is no share: " + e.getMessage());
            }
        }

        private static RecipientKey key(Path file) {
            try {
                return RecipientKey.parse(OfficerFile.read(file));
            } catch (SealedBytesException e) {
                throw CommandException.usage(file + " is not an officer's public key: " + e.getMessage());
            }
        }
    }

    @Command(
            name = "init",
            description = {
                "Makes the root key and deals it, before there are any records.",
                "Kluis keeps no share: give each file to its officer, and unseal by 'kluis unseal submit'."
            })
    static final class Init extends Deal {
        Init(Terminal terminal) {
            super(terminal, "/seal/init");
        }
    }

    @Command(
            name = "resplit",
            description = {
                "Makes a new root key and deals it, to other officers or with another threshold.",
                "It is in force once enough of its shares were submitted; then the old ones are refused."
            })
    static final class Resplit extends Deal {
        Resplit(Terminal terminal) {
            super(terminal, "/seal/resplit");
        }
    }

    @Command(name = "status", description = "Tells how the seal is, and how many shares are there.")
    static final class Status implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final Connection connection = new Connection();

        @Mixin
        private final Output output = new Output();

        Status(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            try (var api = connection.open()) {
                output.one(
                        terminal, api.get("/seal"), seal -> seal.path("phase").asText(), COLUMNS);
            }
            return Exit.OK;
        }
    }

    @Command(
            name = "submit",
            description = {
                "Opens a share on this machine and submits it, for this ceremony only.",
                "Enough shares unseal Kluis, or put a new dealing into force."
            })
    static final class Submit implements Callable<Integer> {

        private final Terminal terminal;

        @Option(names = "--share", required = true, paramLabel = "FILE", description = "The share file.")
        private Path share = Path.of("");

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "The officer's private key.")
        private Path key = Path.of("");

        @Mixin
        private final Passphrase passphrase = new Passphrase();

        @Mixin
        private final Connection connection = new Connection();

        @Mixin
        private final Output output = new Output();

        Submit(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            try (var api = connection.open();
                    var pair = pair()) {
                String recipient =
                        api.get("/seal").path("ceremony").path("recipient").asText();
                if (recipient.isEmpty()) {
                    throw new CommandException(
                            Exit.CONFLICT, "no shares are asked for: 'kluis unseal status' tells more");
                }
                String submission = ShareFile.parse(OfficerFile.read(share))
                        .submission(pair, RecipientKey.parse(recipient), new SecureRandom());
                var seal = api.send("POST", "/seal/submit", json -> {
                    json.writeStartObject();
                    json.writeStringField("submission", submission);
                    json.writeEndObject();
                });
                output.one(terminal, seal, one -> one.path("phase").asText(), COLUMNS);
            } catch (SealedBytesException e) {
                throw CommandException.usage(String.valueOf(e.getMessage()));
            }
            return Exit.OK;
        }

        private RecipientKeyPair pair() throws SealedBytesException {
            String text = OfficerFile.read(key);
            if (!OfficerKey.needsPassphrase(text)) {
                return OfficerKey.read(text, SecretBytes.owning(new byte[0]));
            }
            try (var secret = passphrase.ask(terminal)) {
                return OfficerKey.read(text, secret);
            }
        }
    }

    /** Where a passphrase comes from: a prompt, or a file for scripts. */
    static final class Passphrase {

        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "Takes the passphrase from a file's first line; default is a prompt.")
        private @Nullable Path file;

        SecretBytes ask(Terminal terminal) {
            var secret = file == null
                    ? SecretBytes.owning(ValueInput.utf8(terminal.askSecretly("Passphrase: ")))
                    : SecretBytes.owning(OfficerFile.firstLine(file));
            if (secret.length() == 0 || secret.length() > OfficerKey.MAX_PASSPHRASE) {
                throw CommandException.usage("a passphrase has 1 to " + OfficerKey.MAX_PASSPHRASE + " bytes");
            }
            return secret;
        }

        /** Twice, where it is typed. */
        SecretBytes choose(Terminal terminal) {
            var first = ask(terminal);
            if (file == null) {
                try (var again = ask(terminal)) {
                    if (!again.equals(first)) {
                        first.close();
                        throw CommandException.usage("the two are not the same");
                    }
                }
            }
            return first;
        }
    }
}
