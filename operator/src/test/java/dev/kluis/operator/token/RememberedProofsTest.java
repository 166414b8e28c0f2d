package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.TokenAuthenticator;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long the memory of a proof lasts, against an API server that reviews tokens and can forget an account at once. */
class RememberedProofsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String AUDIENCE = "kluis";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicBoolean there = new AtomicBoolean(true);
    private HttpServer reviewer;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        reviewer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        reviewer.createContext("/apis/authentication.k8s.io/v1/tokenreviews", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ("{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"status\":"
                            + (there.get()
                                    ? "{\"authenticated\":true,\"audiences\":[\"kluis\"],\"user\":{\"username\":"
                                            + "\"system:serviceaccount:team:app\",\"uid\":\"u\"}}"
                                    : "{\"authenticated\":false}")
                            + "}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(201, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        reviewer.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(
                                "http://127.0.0.1:" + reviewer.getAddress().getPort())
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        reviewer.stop(0);
    }

    @Test
    void attack_14_an_access_token_is_looked_at_again_a_minute_after_what_it_was_given_for_was_proved() {
        String claims = "{\"aud\":[\"kluis\"],\"exp\":1900000000,\"kubernetes.io\":{}}";
        String assertion =
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
        var cluster = new TokenAuthenticator(client, now::get, System::nanoTime);
        var tokens = Tokens.of(now::get, "root");
        var authentication = new AccessTokenAuthentication(
                tokens, cluster, new ExternalClients(List.of(), now::get), Optional::empty, now::get);
        var proven = cluster.prove(assertion, List.of(AUDIENCE));
        String token = tokens.issue(
                        proven.caller(),
                        new Evidence.Assertion(assertion, AUDIENCE),
                        "app",
                        Tokens.AUDIENCE,
                        proven.expires())
                .token();

        now.set(START.plus(Duration.ofSeconds(50)));
        assertThat(authentication.authenticate(token)).isEqualTo(proven.caller());
        there.set(false);
        now.set(START.plus(Duration.ofSeconds(61)));

        assertThatThrownBy(() -> authentication.authenticate(token))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(AuthenticationException.Kind.STALE));
    }
}
