package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Vaults, which are resources of the cluster: the kubeconfig's user reads them, and kubectl changes them. */
@Command(
        name = "vault",
        description = {
            "Shows the vaults of the cluster, as the kubeconfig's user may see them.",
            "A vault is a resource: kubectl apply makes and changes it, kubectl delete deletes it softly."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {VaultCommand.ListAll.class, VaultCommand.Show.class, VaultCommand.AcceptRestore.class})
final class VaultCommand {

    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column(
                    "NAMESPACE", vault -> vault.at("/metadata/namespace").asText()),
            new Output.Column("NAME", VaultCommand::name),
            new Output.Column("READY", VaultCommand::ready),
            new Output.Column(
                    "RETENTION",
                    vault -> vault.at("/status/retention")
                            .asText(vault.at("/spec/retention").asText("P90D"))),
            new Output.Column(
                    "PURGE-PROTECTION",
                    vault -> String.valueOf(vault.at("/spec/purgeProtection").asBoolean())),
            new Output.Column("URI", vault -> vault.at("/status/uri").asText()));

    private static String name(JsonNode vault) {
        return vault.at("/metadata/name").asText();
    }

    private static String ready(JsonNode vault) {
        for (var condition : vault.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True")
                        ? "True"
                        : condition.path("reason").asText();
            }
        }
        return "";
    }

    @Command(name = "list", description = "Lists the vaults of a namespace.")
    static final class ListAll implements Runnable {

        private final Terminal terminal;

        @Mixin
        private final Kubeconfig kubeconfig = new Kubeconfig();

        @Mixin
        private final Output output = new Output();

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NAMESPACE",
                description = "Default that of the kubeconfig's context.")
        private @Nullable String namespace;

        @Option(
                names = {"-A", "--all-namespaces"},
                description = "Those of all namespaces.")
        private boolean all;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var cluster = kubeconfig.cluster();
            String where = namespace == null ? cluster.namespace() : namespace;
            output.list(terminal, all ? cluster.vaults() : cluster.vaults(where), VaultCommand::name, COLUMNS);
        }
    }

    @Command(name = "show", description = "Shows one vault.")
    static final class Show implements Runnable {

        private final Terminal terminal;

        @Parameters(paramLabel = "VAULT", description = "The vault's name.")
        private String name = "";

        @Mixin
        private final Kubeconfig kubeconfig = new Kubeconfig();

        @Mixin
        private final Output output = new Output();

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NAMESPACE",
                description = "Default that of the kubeconfig's context.")
        private @Nullable String namespace;

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var cluster = kubeconfig.cluster();
            var vault = cluster.vault(namespace == null ? cluster.namespace() : namespace, VaultOptions.segment(name));
            output.one(terminal, vault, VaultCommand::name, COLUMNS);
        }
    }

    @Command(
            name = "accept-restore",
            description = {
                "Takes what the store holds of a vault as it is, after a restore of the whole store.",
                "Kluis refuses a vault whose store was put back to an earlier state, or which lost objects, until an"
                        + " Administrator of the vault says that it was meant. What was lost stays lost. It is audited."
            })
    static final class AcceptRestore extends InVault {

        @Mixin
        private final Consent consent = new Consent();

        AcceptRestore(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            consent.ask(terminal, "Take what the store holds of this vault as it is?");
            api.send("POST", path + "/acceptrestore");
        }
    }
}
