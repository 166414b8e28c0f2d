package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.identity.ServerIdentity;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.testkit.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large bodies and streams: few at once, one for each identity, and no place for who may not ask. */
class DearBodiesIT {

    private static final int LARGE = 4 << 20;
    private static final int SET = 192 * 1024;

    private final TestOperator operator = TestOperator.shared();
    private final CertificateAuthority authority =
            CertificateAuthority.load(operator.client(), operator.namespace(), operator.clock(), new SecureRandom());
    private final SSLContext trusted = Trust.in(Api.authority(operator));
    private final AtomicInteger checking = new AtomicInteger();
    private final AtomicInteger taking = new AtomicInteger();
    private final CountDownLatch leave = new CountDownLatch(1);
    private final Route.Check allowed = request -> {};
    private final Route.Check slowlyRefused = request -> {
        if (request.query("may").isEmpty()) {
            hold(checking);
            throw new RestException(403, "Forbidden", "", "not you");
        }
    };
    private final List<Route> routes = List.of(
            route("large", this::length).withBodyOf(LARGE).after(allowed),
            route("large/held", this::held).withBodyOf(LARGE).after(allowed),
            route("large/checked", this::length).withBodyOf(LARGE).after(slowlyRefused),
            route("set", this::length).withBodyOf(SET),
            route("stream", this::length).withStreamOf(LARGE).after(allowed),
            route("stream/held", this::held).withStreamOf(LARGE).after(allowed),
            route("stream/checked", this::length).withStreamOf(LARGE).after(slowlyRefused));
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(trusted).build();
    private ServerIdentity identity;
    private RestServer server;

    private static Route route(String path, Route.Handler handler) {
        return Route.ofServer(Method.PUT, path, handler).needing(Needs.TOKEN);
    }

    private void hold(AtomicInteger entered) {
        entered.incrementAndGet();
        try {
            leave.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Response held(Request request) {
        hold(taking);
        return length(request);
    }

    private Response length(Request request) {
        try {
            long streamed = request.stream().transferTo(OutputStream.nullOutputStream());
            return Response.json(json -> json.writeNumber(request.body().length + streamed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        identity = new ServerIdentity(authority, List.of("localhost"));
        server = TestServers.serving(operator, identity, routes, Limits.DEFAULT);
    }

    @AfterEach
    void stop() {
        leave.countDown();
        client.close();
        server.close();
        identity.close();
    }

    private CompletableFuture<HttpResponse<String>> asking(String account, String path, BodyPublisher body) {
        String token = Api.token(operator, "default", account, Api.TokenAudience.KLUIS);
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(25))
                        .expectContinue(true)
                        .PUT(body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void answers(int status, String account, String path, BodyPublisher body) {
        var answer = asking(account, path, body).join();
        assertThat(answer.statusCode())
                .as(account + " at " + path + ": " + answer.body())
                .isEqualTo(status);
        if (status == 429) {
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        }
    }

    private static BodyPublisher of(int bytes) {
        return BodyPublishers.ofByteArray(new byte[bytes]);
    }

    private static BodyPublisher ofUnknownLength(int bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]));
    }

    @Test
    void who_may_not_ask_has_no_place_while_that_is_found_out() {
        var refused = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 2; i++) {
            refused.add(asking("refused" + i, "/large/checked", of(LARGE)));
            refused.add(asking("refused" + i, "/stream/checked", of(LARGE)));
        }
        await().until(() -> checking.get() == 4);
        answers(200, "alice", "/large/checked?may=1", of(LARGE));
        answers(200, "alice", "/stream/checked?may=1", of(LARGE));
        leave.countDown();
        assertThat(refused)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(403));
    }

    @Test
    void an_identity_sends_one_stream_at_a_time_and_another_one_sends_meanwhile() {
        var first = asking("alice", "/stream/held", of(LARGE));
        await().until(() -> taking.get() == 1);
        answers(429, "alice", "/stream", of(1));
        answers(200, "bob", "/stream", of(LARGE));
        var second = asking("bob", "/stream/held", of(LARGE));
        await().until(() -> taking.get() == 2);
        answers(429, "carol", "/stream", of(1));
        leave.countDown();
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(second.join().statusCode()).isEqualTo(200);
        answers(200, "alice", "/stream", of(1));
    }

    @Test
    void one_large_body_is_in_memory_at_a_time_and_small_ones_go_by() {
        var first = asking("alice", "/large/held", of(LARGE));
        await().until(() -> taking.get() == 1);
        answers(429, "alice", "/large", of(LARGE));
        answers(429, "bob", "/large", of(LARGE));
        answers(429, "bob", "/large", ofUnknownLength(1));
        answers(200, "bob", "/large", of(Route.LARGE_BODY));
        answers(200, "bob", "/set", of(SET));
        answers(200, "bob", "/set", ofUnknownLength(SET));
        answers(413, "bob", "/set", ofUnknownLength(SET + 1));
        leave.countDown();
        assertThat(first.join().body()).isEqualTo(String.valueOf(LARGE));
        answers(200, "bob", "/large", ofUnknownLength(LARGE));
    }

    @Test
    void an_identity_that_sends_slowly_keeps_nobody_from_setting_secrets() throws Exception {
        String token = Api.token(operator, "default", "slow", Api.TokenAudience.KLUIS);
        try (var raw = Raw.open(trusted, "localhost", server.port())) {
            raw.send("PUT /set HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\nContent-Length: "
                    + SET + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(raw.read(12)).isEqualTo("HTTP/1.1 100");
            answers(200, "slow", "/set", of(SET));
            answers(200, "alice", "/set", of(SET));
        }
    }
}
