package dev.kluis.cli;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.seal.SealedText;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Encrypts a value for one secret of one vault, or a key for one, on this machine. */
@Command(
        name = "seal",
        description = {
            "Encrypts a value for one secret, or a key, of one vault: the result may lie in git.",
            "The value comes from standard input, a file or a prompt, never from the command line.",
            "With --recipient and --namespace no cluster is asked."
        })
final class SealCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "SECRET", description = "The name of the secret or key in the vault.")
    private String name = "";

    @Option(
            names = "--recipient",
            paramLabel = "KEY",
            description = "The vault's public key, kluis-recipient1:...; default that in the status of the Vault.")
    private @Nullable String recipient;

    @Option(
            names = "--key",
            description = "Seals for the key of this name, for a VaultKey's import.sealed: the value is a JWK.")
    private boolean key;

    @Option(names = "--manifest", description = "Prints a VaultSecret that holds it, ready to be applied.")
    private boolean manifest;

    @Mixin
    private final ValueInput value = new ValueInput();

    @Mixin
    private final VaultOptions vault = new VaultOptions();

    @Mixin
    private final Connection connection = new Connection();

    SealCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (key && manifest) {
            throw CommandException.usage("--manifest prints a VaultSecret, which holds no key: leave it or --key out");
        }
        var target = target();
        var vaultKey = key(recipient == null ? connection.cluster().sealingKey(target.vault()) : recipient);
        try (var bytes = SecretBytes.owning(value.read(terminal))) {
            String sealed = SealedText.seal(target, vaultKey, bytes, new SecureRandom());
            terminal.out().print(manifest ? manifest(target, sealed) : sealed + "\n");
            terminal.out().flush();
        }
        return Exit.OK;
    }

    private ObjectId target() {
        try {
            var in = vault.id(connection);
            return key ? ObjectId.key(in, name) : ObjectId.secret(in, name);
        } catch (InvalidNameException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    private static RecipientKey key(String text) {
        try {
            return RecipientKey.parse(text.strip());
        } catch (SealedBytesException e) {
            throw CommandException.usage("the recipient is not a vault's public key: " + e.getMessage());
        }
    }

    /** Every name in it has been checked, and is no YAML but a word. */
    private static String manifest(ObjectId target, String sealed) {
        return """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata:
                  name: "%s"
                  namespace: "%s"
                spec:
                  vaultRef: {name: "%s"}
                  source:
                    sealed: %s
                """.formatted(
                target.name(), target.vault().namespace(), target.vault().name(), sealed);
    }
}
