package dev.kluis.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Kluis, and as whom. A command that calls the API has it as a mixin, and opens it when it runs. */
final class Connection {

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where Kluis's API is; without it, a port-forward to the operator is made.")
    private @Nullable String server;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "The certificate authority of the API, PEM; without it, that of the cluster's Kluis.")
    private @Nullable Path caFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A token to call with. Without it, the cluster issues one for --as-service-account.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--as-service-account",
            paramLabel = "NAMESPACE/NAME",
            description = "The ServiceAccount to call as; the kubeconfig's user must be allowed to create its tokens.")
    private @Nullable String serviceAccount;

    @Mixin
    private final Kubeconfig kubeconfig = new Kubeconfig();

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            description = "Where Kluis is installed; default kluis-system.")
    private @Nullable String operatorNamespace;

    /** Connects, and calls with a token. */
    KluisApi open() {
        return open(true);
    }

    /** Connects without a token, for what everybody may ask. */
    KluisApi openWithoutToken() {
        return open(false);
    }

    private KluisApi open(boolean withToken) {
        var cluster = cluster();
        Supplier<String> tokens = withToken ? () -> token(cluster) : () -> "";
        // Before anything is opened that would have to be closed where there is none.
        String first = tokens.get();
        String authority = caFile == null ? cluster.authority(operatorNamespace()) : TextFile.read(caFile);
        if (server != null) {
            return new KluisApi(url(server), authority, first, tokens, () -> {});
        }
        var forward = cluster.forward(operatorNamespace());
        return new KluisApi(URI.create("https://localhost:" + forward.port()), authority, first, tokens, forward);
    }

    /** The cluster of the kubeconfig, asked only when it is needed. */
    Cluster cluster() {
        return kubeconfig.cluster();
    }

    private String token(Cluster cluster) {
        if (tokenFile != null) {
            return TextFile.read(tokenFile).strip();
        }
        if (serviceAccount == null) {
            throw CommandException.usage("as whom? Say --as-service-account NAMESPACE/NAME, or --token-file FILE;"
                    + " the file ~/.config/kluis/config may hold it: as-service-account=NAMESPACE/NAME");
        }
        String[] parts = serviceAccount.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw CommandException.usage("--as-service-account is NAMESPACE/NAME");
        }
        return cluster.token(parts[0], parts[1]);
    }

    String operatorNamespace() {
        return operatorNamespace == null ? "kluis-system" : operatorNamespace;
    }

    private static URI url(String text) {
        try {
            var url = new URI(text);
            if ("https".equals(url.getScheme()) && url.getHost() != null && url.getQuery() == null) {
                return URI.create("https://" + url.getAuthority());
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw CommandException.usage("--server is a URL that begins with https://");
    }
}
