package dev.kluis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Comparator;

/**
 * Runs the command once as people use it, so that the JVM writes the archive of classes that it starts from: {@code Training
 * COMMAND}. The server that it talks to answers as the cluster and Kluis would. Needs nothing but a JDK.
 */
public final class Training {

    private Training() {}

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("kluis-training");
        var tls = TlsServer.in(folder);
        var server = tls.server();
        try {
            String url = "https://localhost:" + server.getAddress().getPort();
            String certificate = tls.certificate();
            server.createContext("/", exchange -> answer(exchange, certificate));
            server.start();
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: training
                    contexts: [{name: training, context: {cluster: training, user: training, namespace: training}}]
                    clusters: [{name: training, cluster: {server: "%s", certificate-authority-data: %s}}]
                    users: [{name: training, user: {token: none}}]
                    """.formatted(
                            url, Base64.getEncoder().encodeToString(certificate.getBytes(UTF_8))));
            var builder = new ProcessBuilder(
                            args[0],
                            "secret",
                            "list",
                            "--vault",
                            "training",
                            "--server",
                            url,
                            "--as-service-account",
                            "training/training")
                    .inheritIO();
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            int exit = builder.start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("the command ended with " + exit);
            }
        } finally {
            server.stop(0);
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void answer(HttpExchange exchange, String certificate) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body;
        if (path.endsWith("/token")) {
            body = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{\"audiences\":"
                    + "[\"kluis\"]},\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"2030-01-01T00:00:00Z\"}}";
        } else if (path.contains("/configmaps/")) {
            body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"kluis-node-ca\"},\"data\":"
                    + "{\"ca.crt\":\"" + certificate.replace("\r", "").replace("\n", "\\n") + "\"}}";
        } else {
            body = "{\"value\":[{\"id\":\"https://localhost/vaults/a/b/secrets/s\",\"attributes\":{\"enabled\":true,"
                    + "\"updated\":1}}],\"nextLink\":null}";
        }
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
