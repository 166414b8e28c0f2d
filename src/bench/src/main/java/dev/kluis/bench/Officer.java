package dev.kluis.bench;

import dev.kluis.testkit.Trust;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sets secrets through the API over HTTPS, as a ServiceAccount. */
final class Officer implements AutoCloseable {

    private static final long LONGEST_TOKEN_SECONDS = 3600;
    private static final int ATTEMPTS = 10;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BODY = "{\"value\":\"" + "x".repeat(100) + "\"}";

    private final HttpClient http;
    private final String vault;
    private final String token;

    /**
     * @param server the operator's address
     * @param authority its certificate, PEM
     */
    Officer(String server, String authority, String namespace, String vault, String token)
            throws IOException, GeneralSecurityException {
        this.vault = server + "/vaults/" + namespace + "/" + vault;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .sslContext(Trust.in(authority))
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(LIMIT)
                .build();
    }

    /** A token of a ServiceAccount for Kluis, bound to no pod. */
    static String token(KubernetesClient client, String namespace, String account) {
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("kluis")
                        .withExpirationSeconds(LONGEST_TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    void set(String secret) {
        var request = HttpRequest.newBuilder(URI.create(vault + "/secrets/" + secret))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        for (int attempt = 1; ; attempt++) {
            String trouble = send(request);
            if (trouble.isEmpty()) {
                return;
            }
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException("set of " + secret + ": " + trouble);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** @return what went wrong; empty is nothing */
    private String send(HttpRequest request) {
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == HttpURLConnection.HTTP_OK ? "" : "HTTP status " + status;
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while setting secrets", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
