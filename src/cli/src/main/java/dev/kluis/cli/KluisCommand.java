package dev.kluis.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command; a new one below it is a class of its own and a line here. */
@Command(
        name = "kluis",
        description = "Works with the vaults of a cluster that runs Kluis.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SecretCommand.class,
            KeyCommand.class,
            AccessCommand.class,
            SealCommand.class,
            UnsealCommand.class,
            BackupCommand.class,
            AuditCommand.class,
            VaultCommand.class,
            StatusCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0   done",
            "  1   refused: the token, or the right to do it",
            "  2   not legal: the command line, or what it asks for",
            "  3   there is no such thing",
            "  4   Kluis or the cluster cannot be reached, or cannot serve now",
            "  5   its state does not allow it",
            "  6   done in part",
            "  70  a fault of Kluis's"
        })
final class KluisCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Tells how it is used.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;
}
