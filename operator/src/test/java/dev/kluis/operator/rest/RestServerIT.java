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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server itself, with routes of this test: limits, slow clients, certificates, and what it answers when sealed. */
class RestServerIT {

    private static final Limits SMALL = new Limits(4, 2, 4, Duration.ofSeconds(1));

    private final TestOperator operator = TestOperator.shared();
    private final CertificateAuthority authority =
            CertificateAuthority.load(operator.client(), operator.namespace(), operator.clock(), new SecureRandom());
    private final SSLContext trusted = Trust.in(Api.authority(operator));
    private final CountDownLatch entered = new CountDownLatch(2);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final List<Route> routes = List.of(
            open(Method.GET, "quick", request -> Response.noContent()),
            open(
                            Method.PUT,
                            "echo",
                            request -> new Response(
                                    200, java.util.Map.of(), request.body().clone()))
                    .within(Duration.ofSeconds(1)),
            open(Method.PUT, "patient", request -> Response.noContent()),
            open(Method.GET, "waiting", this::waiting),
            Route.ofServer(Method.GET, "held", this::waiting).needing(Needs.TOKEN),
            open(Method.GET, "broken", request -> {
                throw new IllegalStateException("with a canary-value in it");
            }),
            open(Method.PUT, "forbidden", request -> Response.noContent()).after(request -> {
                throw new RestException(403, "Forbidden", "", "not you");
            }),
            Route.ofServer(Method.GET, "token", request -> Response.noContent()).needing(Needs.TOKEN),
            Route.ofServer(Method.GET, "all", request -> Response.noContent()));
    private ServerIdentity identity;
    private RestServer server;

    private static Route open(Method method, String path, Route.Handler handler) {
        return Route.ofServer(method, path, handler).needing(Needs.NOTHING);
    }

    private Response waiting(Request request) {
        entered.countDown();
        try {
            leave.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Response.noContent();
    }

    @BeforeEach
    void start() {
        identity = new ServerIdentity(authority, List.of("localhost"));
        server = TestServers.serving(operator, identity, routes, SMALL);
    }

    @AfterEach
    void stop() {
        leave.countDown();
        server.close();
        identity.close();
    }

    private HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().sslContext(trusted).version(version).build();
    }

    private Raw raw() throws IOException {
        return Raw.open(trusted, "localhost", server.port());
    }

    @Test
    void both_versions_of_http_are_spoken() throws Exception {
        for (var version : HttpClient.Version.values()) {
            try (var client = client(version)) {
                var response = get(client, "/quick");
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.statusCode()).isEqualTo(204);
                assertThat(response.headers().firstValue("x-content-type-options"))
                        .contains("nosniff");
                assertThat(response.headers().firstValue("x-ms-request-id")).isPresent();
            }
        }
    }

    @Test
    void a_body_over_the_limit_is_refused_with_its_length_and_without() throws Exception {
        byte[] body = new byte[Route.DEFAULT_BODY_LIMIT + 1];
        for (var version : HttpClient.Version.values()) {
            try (var client = client(version)) {
                for (var publisher : List.of(
                        HttpRequest.BodyPublishers.ofByteArray(body),
                        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
                    var response =
                            client.send(request("/echo").PUT(publisher).build(), HttpResponse.BodyHandlers.ofString());
                    assertThat(response.statusCode()).isEqualTo(413);
                    assertThat(response.body()).contains("\"code\":\"RequestEntityTooLarge\"");
                }
                var whole = client.send(
                        request("/echo")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[Route.DEFAULT_BODY_LIMIT]))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(whole.body()).hasSize(Route.DEFAULT_BODY_LIMIT);
            }
        }
    }

    @Test
    void a_body_where_none_belongs_is_refused() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_1_1)) {
            var response = client.send(
                    request("/quick")
                            .method("GET", HttpRequest.BodyPublishers.ofString("x"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void long_lines_and_heads_are_refused() throws Exception {
        try (var raw = raw()) {
            raw.send("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(raw.rest()).contains(" 414 ");
        }
        try (var raw = raw()) {
            raw.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(30_000) + "\r\n\r\n");
            assertThat(raw.rest()).contains(" 431 ");
        }
    }

    @Test
    void what_is_no_request_is_refused() throws Exception {
        for (String head : List.of(
                "GET /quick HTTP/1.1\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET https://localhost/quick HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /qui\u00e9ck HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "nonsense\r\n\r\n")) {
            try (var raw = raw()) {
                raw.send(head);
                assertThat(raw.read(12)).as(head).isIn("HTTP/1.1 400", "HTTP/1.0 400");
            }
        }
    }

    @Test
    void a_body_that_does_not_come_ends_with_its_connection() throws Exception {
        try (var raw = raw()) {
            raw.send("PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void who_may_not_ask_is_told_so_before_the_body_comes() throws Exception {
        try (var raw = raw()) {
            raw.send("PUT /forbidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
            assertThat(raw.read(12)).isEqualTo("HTTP/1.1 403");
        }
    }

    @Test
    void a_connection_that_asks_for_nothing_is_closed_whatever_trickles_in() throws Exception {
        try (var silent = raw();
                var trickling = raw()) {
            trickling.send("GET /quick HTTP/1.1\r\nX: ");
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> fails(() -> trickling.send("a")));
            assertThat(silent.rest()).isEmpty();
        }
    }

    private interface Sending {
        void run() throws IOException;
    }

    private static boolean fails(Sending work) {
        try {
            work.run();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void more_connections_than_the_limit_are_closed() throws Exception {
        var open = new ArrayList<Raw>();
        try {
            for (int i = 0; i < SMALL.connections(); i++) {
                open.add(raw().send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                assertThat(open.getLast().read(12)).isEqualTo("HTTP/1.1 204");
            }
            assertThat(fails(() -> {
                        try (var more = raw().send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                            if (more.read(12).isEmpty()) {
                                throw new IOException("closed");
                            }
                        }
                    }))
                    .isTrue();
        } finally {
            for (var one : open) {
                one.close();
            }
        }
    }

    @Test
    void more_requests_than_the_limit_are_told_to_come_again() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_2)) {
            var first = client.sendAsync(request("/waiting").build(), HttpResponse.BodyHandlers.ofString());
            var second = client.sendAsync(request("/waiting").build(), HttpResponse.BodyHandlers.ofString());
            entered.await();
            var third = get(client, "/quick");
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("Retry-After")).contains("1");
            leave.countDown();
            assertThat(first.join().statusCode()).isEqualTo(204);
            assertThat(second.join().statusCode()).isEqualTo(204);
            assertThat(get(client, "/quick").statusCode()).isEqualTo(204);
        }
    }

    private HttpRequest.Builder withToken(String path) {
        String token = Api.token(operator, "default", "unsealer", Api.TokenAudience.KLUIS);
        return request(path).header("Authorization", "Bearer " + token);
    }

    private int status(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void whoever_proves_nothing_and_sends_no_body_keeps_neither_tokens_out_nor_other_addresses() throws Exception {
        server.close();
        server = TestServers.serving(operator, identity, routes, new Limits(20, 2, 4, Duration.ofSeconds(10)));
        String quick = "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (var client = client(HttpClient.Version.HTTP_1_1);
                var elsewhere = Raw.openElsewhere(trusted, "localhost", server.port())) {
            assertThat(status(client, withToken("/token"))).isEqualTo(204);
            var slow = twoWithoutBody(client);
            assertThat(status(client, withToken("/token"))).isEqualTo(204);
            assertThat(elsewhere.send(quick).read(12)).isEqualTo("HTTP/1.1 204");

            for (var raw : slow) {
                assertThat(raw.rest()).startsWith("HTTP/1.1 408").contains("within 2 seconds");
                raw.close();
            }
            assertThat(get(client, "/quick").statusCode()).isEqualTo(204);
        }
    }

    /**
     * Both have the places of this address, and a second of their two is left. Whether they have is asked again and again,
     * since who asks may come before them; and from the start again, since he may have had a place when one of them came.
     */
    private List<Raw> twoWithoutBody(HttpClient client) throws Exception {
        String slow = "PUT /patient HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";
        for (int attempt = 0; attempt < 5; attempt++) {
            var both = List.of(raw().send(slow), raw().send(slow));
            try {
                await().atMost(Duration.ofSeconds(1))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> get(client, "/quick").statusCode() == 429);
                return both;
            } catch (ConditionTimeoutException e) {
                // One of them was refused: it came while the question had its place.
            }
            for (var one : both) {
                one.rest();
                one.close();
            }
        }
        throw new AssertionError("two requests without a body never kept a third out");
    }

    @Test
    void a_stream_whose_body_does_not_come_ends_and_its_connection_goes_on() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_2)) {
            var slow = client.sendAsync(
                    request("/patient")
                            .PUT(HttpRequest.BodyPublishers.fromPublisher(RestServerIT::subscribeToNothing))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(408);
            assertThat(get(client, "/quick").statusCode()).isEqualTo(204);
        }
    }

    /** A body of which nothing ever comes. */
    private static void subscribeToNothing(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long most) {
                // Asked in vain.
            }

            @Override
            public void cancel() {
                // Nothing is under way.
            }
        });
    }

    @Test
    void whoever_has_a_token_keeps_nobody_out_who_needs_none() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_2)) {
            var first = client.sendAsync(withToken("/held").build(), HttpResponse.BodyHandlers.ofString());
            var second = client.sendAsync(withToken("/held").build(), HttpResponse.BodyHandlers.ofString());
            entered.await();
            assertThat(status(client, withToken("/token"))).isEqualTo(429);
            assertThat(get(client, "/quick").statusCode()).isEqualTo(204);
            leave.countDown();
            assertThat(first.join().statusCode()).isEqualTo(204);
            assertThat(second.join().statusCode()).isEqualTo(204);
            assertThat(status(client, withToken("/token"))).isEqualTo(204);
        }
    }

    /** JDK clients against BoringSSL, where it loads: the log says which. */
    @Test
    void a_thousand_connections_that_ask_for_nothing_keep_nobody_from_being_answered() throws Exception {
        var roomy = TestServers.serving(operator, identity, routes, new Limits(1001, 2, 4, Duration.ofMinutes(5)));
        var idle = new ArrayList<Raw>();
        try {
            for (int i = 0; i < 1000; i++) {
                idle.add(Raw.open(trusted, "localhost", roomy.port()));
            }
            for (int i = 0; i < 3; i++) {
                try (var raw = Raw.open(trusted, "localhost", roomy.port())) {
                    raw.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                    assertThat(raw.rest()).startsWith("HTTP/1.1 204");
                }
            }
            for (var one : List.of(idle.getFirst(), idle.getLast())) {
                one.send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(one.read(12)).isEqualTo("HTTP/1.1 204");
            }
        } finally {
            for (var one : idle) {
                one.close();
            }
            roomy.close();
        }
    }

    @Test
    void a_new_certificate_is_for_new_connections_and_drops_none() throws Exception {
        try (var before = raw()) {
            before.send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(before.read(12)).isEqualTo("HTTP/1.1 204");
            identity.renew();
            // A client that was here before takes up its session again, without any certificate.
            var another = Trust.in(Api.authority(operator));
            try (var after = Raw.open(another, "localhost", server.port())) {
                assertThat(after.certificate()).isNotEqualTo(before.certificate());
            }
            before.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(before.rest()).contains("HTTP/1.1 204");
        }
    }

    @Test
    void without_an_engine_only_what_needs_none_is_answered() throws Exception {
        String token = Api.token(operator, "default", "unsealer", Api.TokenAudience.KLUIS);
        try (var client = client(HttpClient.Version.HTTP_1_1)) {
            assertThat(get(client, "/quick").statusCode()).isEqualTo(204);
            assertThat(get(client, "/token").statusCode()).isEqualTo(401);
            var unsealer = client.send(
                    request("/token").header("Authorization", "Bearer " + token).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(unsealer.statusCode()).isEqualTo(204);
            for (String path : List.of("/all", "/vaults/a/bcd/secrets", "/what/comes/later")) {
                var refused = get(client, path);
                assertThat(refused.statusCode()).as(path).isEqualTo(503);
                assertThat(refused.body()).contains("NotServing");
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            }
        }
    }

    @Test
    void attack_09_a_fault_tells_the_client_nothing_but_where_to_look() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_1_1)) {
            var response = get(client, "/broken");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body())
                    .contains(response.headers().firstValue("x-ms-request-id").orElseThrow())
                    .doesNotContain("canary-value");
        }
    }
}
