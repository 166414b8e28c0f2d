package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A server that answers as an API server does when it publishes keys, or not, and reviews tokens, as slowly as a test likes. */
final class ReviewerOfTests implements AutoCloseable {

    static final String ISSUER = "https://cluster.test";
    private static final int RSA_BITS = 2048;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong ids = new AtomicLong();
    final AtomicReference<Optional<JWKSet>> published = new AtomicReference<>(Optional.empty());
    /** How often keys were read. */
    final AtomicInteger reads = new AtomicInteger();
    /** How many tokens are being reviewed. */
    final AtomicInteger reviewing = new AtomicInteger();
    /** Reviews wait for it. */
    volatile CountDownLatch answer = new CountDownLatch(0);

    final KubernetesClient client;

    ReviewerOfTests() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> send(exchange, "{\"issuer\":\"" + ISSUER + "\"}", 200));
        server.createContext("/openid/v1/jwks", exchange -> {
            reads.incrementAndGet();
            var keys = published.get();
            send(exchange, keys.map(set -> set.toString(true)).orElse("{}"), keys.isPresent() ? 200 : 403);
        });
        server.createContext("/apis/authentication.k8s.io/v1/tokenreviews", this::review);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    private void review(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        reviewing.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reviewing.decrementAndGet();
        send(
                exchange,
                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"status\":{\"authenticated\":true,"
                        + "\"audiences\":[\"kluis\"],\"user\":{\"username\":\"system:serviceaccount:team:app\",\"uid\":\"u\"}}}",
                201);
    }

    private static void send(HttpExchange exchange, String json, int status) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    void publish(RSAKey... keys) {
        published.set(Optional.of(new JWKSet(List.of(keys))));
    }

    static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(RSA_BITS).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A ServiceAccount's, which is another one each time. */
    String account(RSAKey key, String issuer, Instant expires) {
        return token(
                key,
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("kluis")
                        .expirationTime(Date.from(expires))
                        .claim("kubernetes.io", Map.of("namespace", "team")));
    }

    /** A user's, which is another one each time. */
    String user(RSAKey key, Instant expires) {
        return token(
                key,
                new JWTClaimsSet.Builder()
                        .issuer("https://people.test")
                        .audience("kluis")
                        .expirationTime(Date.from(expires)));
    }

    private String token(RSAKey key, JWTClaimsSet.Builder claims) {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                claims.jwtID(String.valueOf(ids.incrementAndGet())).build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        answer.countDown();
        client.close();
        server.stop(0);
        workers.close();
    }
}
