package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.identity.ServerIdentity;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.testkit.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that a route reads as they come: more than memory holds, and what goes wrong on the way. */
class BodyStreamIT {

    private static final long LIMIT = 64L << 20;

    private final TestOperator operator = TestOperator.shared();
    private final CertificateAuthority authority =
            CertificateAuthority.load(operator.client(), operator.namespace(), operator.clock(), new SecureRandom());
    private final SSLContext trusted = Trust.in(Api.authority(operator));
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final List<Route> routes = List.of(
            stream("count", request -> text(count(request.stream()))),
            stream("slow", request -> {
                first(request.stream());
                awaitGoing();
                return text(1 + count(request.stream()));
            }),
            stream("unread", request -> {
                throw RestException.badParameter("not read");
            }),
            stream("fails", request -> {
                first(request.stream());
                throw RestException.badParameter("failed halfway");
            }));
    private final String token = Api.token(operator, "default", "sender", Api.TokenAudience.KLUIS);
    private ServerIdentity identity;
    private RestServer server;

    private static Route stream(String path, Route.Handler handler) {
        return Route.ofServer(Method.POST, path, handler)
                .needing(Needs.TOKEN)
                .withStreamOf(LIMIT)
                .within(Duration.ofMinutes(1))
                .after(request -> {});
    }

    private static Response text(long number) {
        return Response.json(json -> json.writeNumber(number));
    }

    private static long count(InputStream in) {
        try {
            return in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void first(InputStream in) {
        try {
            assertThat(in.read()).isNotNegative();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitGoing() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void start() {
        identity = new ServerIdentity(authority, List.of("localhost"));
        server = TestServers.serving(operator, identity, routes, Limits.DEFAULT);
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        server.close();
        identity.close();
    }

    /** Zeros, of which it is counted how many were taken. */
    private InputStream zeros(long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int offset, int most) {
                int some = (int) Math.min(left, most);
                left -= some;
                sent.addAndGet(some);
                return some == 0 ? -1 : some;
            }
        };
    }

    private HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().sslContext(trusted).version(version).build();
    }

    private HttpRequest.Builder post(String path, long length) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(50))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> zeros(length)));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource
    void a_body_of_many_megabytes_is_read_as_it_comes_up_to_the_limit(HttpClient.Version version) throws Exception {
        try (var client = client(version)) {
            for (long length : new long[] {0, 1, 40L << 20, LIMIT}) {
                assertThat(send(client, post("/count", length)).body()).isEqualTo(String.valueOf(length));
            }
            var over = send(client, post("/count", LIMIT + 1));
            assertThat(over.statusCode()).isEqualTo(413);
            assertThat(over.body()).contains("more than the " + LIMIT + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_waits_while_nobody_reads(HttpClient.Version version) throws Exception {
        try (var client = client(version)) {
            var answer = client.sendAsync(post("/slow", 60L << 20).build(), HttpResponse.BodyHandlers.ofString());
            await().until(() -> sent.get() > 0);
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(10)).until(() -> sent.get() < 30L << 20);
            goOn.countDown();
            assertThat(answer.get().body()).isEqualTo(String.valueOf(60L << 20));
        }
    }

    @Test
    void who_asks_before_it_sends_sends_nothing_when_it_is_refused() throws Exception {
        try (var client = client(HttpClient.Version.HTTP_1_1)) {
            var refused = send(client, post("/unread", 60L << 20).expectContinue(true));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("not read");
            assertThat(sent.get()).isZero();

            var taken = send(client, post("/count", 3L << 20).expectContinue(true));
            assertThat(taken.body()).isEqualTo(String.valueOf(3L << 20));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_in_the_middle_of_sending_hears_what_went_wrong(HttpClient.Version version) throws Exception {
        try (var client = client(version)) {
            var failed = send(client, post("/fails", 40L << 20));
            assertThat(failed.statusCode()).isEqualTo(400);
            assertThat(failed.body()).contains("failed halfway");
        }
    }

    @Test
    void a_body_that_breaks_off_ends_its_reading_and_lets_the_next_in() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (var raw = Raw.open(trusted, "localhost", server.port())) {
                raw.send("POST /count HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Length: 1000\r\n\r\nabc");
            }
        }
        try (var client = client(HttpClient.Version.HTTP_1_1)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(send(client, post("/count", 5)).body()).isEqualTo("5"));
        }
    }
}
