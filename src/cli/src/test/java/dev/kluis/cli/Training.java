package dev.kluis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Runs the command once as people use it, so that the JVM writes the archive of classes that it starts from: {@code Training
 * COMMAND}. The server that it talks to answers as the cluster and Kluis would. Needs nothing but a JDK.
 */
public final class Training {

    private static final String PASSWORD = "training";

    private Training() {}

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("kluis-training");
        var server = server(keyStore(folder));
        try {
            String url = "https://localhost:" + server.getAddress().getPort();
            String certificate = certificate(folder);
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

    private static Path keyStore(Path folder) throws IOException, InterruptedException {
        var store = folder.resolve("server.p12");
        keytool(
                List.of(
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost"),
                store);
        return store;
    }

    private static String certificate(Path folder) throws IOException, InterruptedException {
        var file = folder.resolve("server.crt");
        keytool(
                List.of("-exportcert", "-rfc", "-alias", "server", "-file", file.toString()),
                folder.resolve("server.p12"));
        return Files.readString(file);
    }

    private static void keytool(List<String> arguments, Path store) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
    }

    private static HttpsServer server(Path keyStore) throws Exception {
        var store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }
}
