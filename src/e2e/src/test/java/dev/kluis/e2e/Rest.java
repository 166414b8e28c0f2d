package dev.kluis.e2e;

import dev.kluis.testkit.Cluster;
import dev.kluis.testkit.Trust;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One vault through Kluis's API, over a port-forward to the operator, as a ServiceAccount of the vault's namespace. */
final class Rest implements AutoCloseable {

    private static final long TOKEN_SECONDS = 600;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LocalPortForward forward;
    private final HttpClient http;
    private final String vault;
    private final String token;

    Rest(Cluster cluster, String namespace, String vault, String account) {
        this.token = cluster.client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("kluis")
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        String authority = cluster.client()
                .configMaps()
                .inNamespace(Cluster.SYSTEM)
                .withName("kluis-node-ca")
                .get()
                .getData()
                .get("ca.crt");
        this.http = HttpClient.newBuilder()
                .sslContext(Trust.in(authority))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build();
        this.forward = forward(cluster);
        this.vault = "https://localhost:" + forward.getLocalPort() + "/vaults/" + namespace + "/" + vault;
    }

    private static LocalPortForward forward(Cluster cluster) {
        cluster.awaitOperator();
        var pod = cluster.operatorPods().stream()
                .filter(one -> one.getMetadata().getDeletionTimestamp() == null && Cluster.running(one))
                .findFirst()
                .orElseThrow();
        int port = pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(one -> "api".equals(one.getName()))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
        return cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(pod.getMetadata().getName())
                .portForward(port, InetAddress.getLoopbackAddress(), 0);
    }

    /** @return the body of the answer, which is 200 */
    String post(String path, String body) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(vault + path))
                        .timeout(LIMIT)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        http.close();
        forward.close();
    }
}
