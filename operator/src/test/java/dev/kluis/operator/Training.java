package dev.kluis.operator;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Runs the operator of an image's root against a real API server for a while, so that the JVM writes the archive of
 * classes that the image starts from: {@code Training ROOT COMMAND...}, the command being what starts it there.
 */
public final class Training {

    private static final int HTTP_PORT = 28080;
    private static final int NODE_PORT = 28443;
    private static final int API_PORT = 28444;
    private static final int SECRETS = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Training() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var kubeconfig = Path.of(args[0], "tmp", "kubeconfig");
        var server = ApiServer.shared();
        Files.writeString(kubeconfig, withoutFiles(server.kubeconfig()));
        var builder = new ProcessBuilder(Arrays.copyOfRange(args, 1, args.length)).inheritIO();
        builder.environment().put("KUBECONFIG", "/tmp/kubeconfig");
        builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(HTTP_PORT));
        builder.environment().put("KLUIS_NODE_PORT", String.valueOf(NODE_PORT));
        builder.environment().put("KLUIS_API_PORT", String.valueOf(API_PORT));
        builder.environment().put("KLUIS_LEADER_ELECTION_IDENTITY", "training");
        apply(
                server.client(),
                new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("kluis-system")
                        .endMetadata()
                        .build());
        var operator = builder.start();
        try {
            Awaitility.await().atMost(LIMIT).ignoreExceptions().until(Training::ready);
            work(server.client());
        } finally {
            operator.descendants().forEach(ProcessHandle::destroy);
            operator.destroy();
            operator.waitFor();
            Files.delete(kubeconfig);
        }
        // The API server is stopped by its hook.
        System.exit(0);
    }

    /** With certificates and key in it: in the root there are no other files. */
    private static String withoutFiles(String kubeconfig) {
        return Pattern.compile("(certificate-authority|client-certificate|client-key): (.+)")
                .matcher(kubeconfig)
                .replaceAll(found -> found.group(1) + "-data: "
                        + Base64.getEncoder()
                                .encodeToString(bytes(found.group(2).strip().replace("\"", ""))));
    }

    private static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ready() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + HTTP_PORT + "/health/ready"))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        }
    }

    private static void work(KubernetesClient client) {
        String namespace = ApiServer.shared().newNamespace("training");
        apply(client, resource(client, Vault.class, "{name: training, namespace: " + namespace + "}", "{}"));
        for (int i = 0; i < SECRETS; i++) {
            apply(
                    client,
                    resource(
                            client,
                            VaultSecret.class,
                            "{name: s" + i + ", namespace: " + namespace + "}",
                            "{vaultRef: {name: training}, source: {generate: {}}}"));
        }
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> client.resources(VaultSecret.class).inNamespace(namespace).list().getItems().stream()
                        .allMatch(secret -> secret.getStatus() != null && secret.getStatus().currentVersion != null));
    }

    private static <R extends HasMetadata> R resource(
            KubernetesClient client, Class<R> type, String metadata, String spec) {
        return client.getKubernetesSerialization()
                .unmarshal(
                        "apiVersion: kluis.dev/v1alpha1\nkind: %s\nmetadata: %s\nspec: %s\n"
                                .formatted(type.getSimpleName(), metadata, spec),
                        type);
    }

    private static void apply(KubernetesClient client, HasMetadata resource) {
        client.resource(resource).serverSideApply();
    }
}
