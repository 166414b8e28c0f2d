package dev.kluis.operator.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.testkit.Trust;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A client of the operator's API, for tests: its CA trusted, a token of a ServiceAccount at hand. */
public final class Api {

    private static final long HOUR = 3600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestOperator operator;
    private final HttpClient http;
    private final String token;
    private final String host;

    private Api(TestOperator operator, String token) {
        this(
                operator,
                token,
                "localhost",
                HttpClient.newBuilder()
                        .sslContext(Trust.in(authority(operator)))
                        .connectTimeout(Duration.ofSeconds(10))
                        .build());
    }

    private Api(TestOperator operator, String token, String host, HttpClient http) {
        this.operator = operator;
        this.token = token;
        this.host = host;
        this.http = http;
    }

    /** Calls it by this name, such as a vault's own. */
    public Api onHost(String name) {
        return new Api(operator, token, name, http);
    }

    /** Calls as this ServiceAccount, which is made where it is not there. */
    public static Api as(TestOperator operator, String namespace, String account) {
        return new Api(operator, token(operator, namespace, account, TokenAudience.KLUIS));
    }

    /** Calls with this token; empty is none. */
    public static Api with(TestOperator operator, String token) {
        return new Api(operator, token);
    }

    /** Whom a token is for. */
    public enum TokenAudience {
        KLUIS,
        ANOTHER
    }

    /** A token of a ServiceAccount, bound to no pod. */
    public static String token(TestOperator operator, String namespace, String account, TokenAudience audience) {
        return token(operator, namespace, account, audience == TokenAudience.KLUIS ? "kluis" : "another");
    }

    /** A token of a ServiceAccount, bound to no pod, for any audience. */
    public static String token(TestOperator operator, String namespace, String account, String audience) {
        operator.client()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
        return token(
                operator,
                namespace,
                account,
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audience)
                        .withExpirationSeconds(HOUR)
                        .endSpec()
                        .build());
    }

    /** A token as a pod has it: bound to the pod. */
    public static String podToken(TestOperator operator, Pod pod, String account) {
        return token(
                operator,
                pod.getMetadata().getNamespace(),
                account,
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("kluis")
                        .withExpirationSeconds(HOUR)
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build());
    }

    private static String token(TestOperator operator, String namespace, String account, TokenRequest request) {
        return operator.client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** The certificate of the authority, PEM. */
    public static String authority(TestOperator operator) {
        return operator.client()
                .configMaps()
                .inNamespace(operator.namespace())
                .withName(CertificateAuthority.CERTIFICATE_NAME)
                .get()
                .getData()
                .get(CertificateAuthority.CERTIFICATE_FIELD);
    }

    public record Answer(int status, JsonNode body, HttpResponse<String> response) {

        public String code() {
            return body.path("error").path("code").asText();
        }

        public String inner() {
            return body.path("error").path("innererror").path("code").asText();
        }

        public String message() {
            return body.path("error").path("message").asText();
        }
    }

    public String url() {
        return "https://" + host + ":" + operator.kluis().api().orElseThrow().port();
    }

    public Answer get(String path) {
        return send(path, request -> request.GET());
    }

    public Answer delete(String path) {
        return send(path, request -> request.DELETE());
    }

    public Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    public Answer send(String method, String path, String body) {
        return send(path, request -> request.method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    public Answer send(String path, UnaryOperator<HttpRequest.Builder> with) {
        var builder = HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(40));
        if (!token.isEmpty()) {
            builder.header("Authorization", "Bearer " + token);
        }
        try {
            var response = http.send(with.apply(builder).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
