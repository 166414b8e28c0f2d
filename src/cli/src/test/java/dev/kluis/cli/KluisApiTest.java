package dev.kluis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What a call does that is not answered at once as wished. */
@TestInstance(Lifecycle.PER_CLASS)
class KluisApiTest {

    private record Answer(int status, String body) {}

    private static final Answer DONE = new Answer(200, "{\"done\":true}");
    private static final Answer THROTTLED =
            new Answer(429, "{\"error\":{\"code\":\"Throttled\",\"message\":\"slower\"}}");
    private static final Answer UNAUTHORIZED =
            new Answer(401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"expired\"}}");

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> came = new ArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();

    private TlsServer server;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = TlsServer.in(folder);
        server.server().createContext("/", this::answer);
        server.server().start();
    }

    @AfterAll
    void stop() {
        server.server().stop(0);
    }

    @BeforeEach
    void forget() {
        answers.clear();
        came.clear();
        tokens.set(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            came.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            var answer = answers.pop();
            exchange.getResponseHeaders().set("Retry-After", "0");
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private boolean call(boolean newTokens) {
        try (var api = new KluisApi(
                URI.create(server.url()),
                server.certificate(),
                "first",
                () -> newTokens ? "newer-" + tokens.incrementAndGet() : "first",
                () -> {})) {
            return api.send("POST", "/", json -> json.writeString("body"))
                    .path("done")
                    .asBoolean();
        }
    }

    private void refused(int exit, boolean concernsAll) {
        assertThatThrownBy(() -> call(true))
                .asInstanceOf(InstanceOfAssertFactories.type(CommandException.class))
                .satisfies(refused -> {
                    assertThat(refused.exit()).isEqualTo(exit);
                    assertThat(refused.concernsAll()).isEqualTo(concernsAll);
                });
    }

    @Test
    void a_call_too_many_is_made_again_with_the_same_body() {
        answers.addAll(List.of(THROTTLED, THROTTLED, DONE));
        assertThat(call(false)).isTrue();
        assertThat(came).hasSize(3).containsOnly("Bearer first \"body\"");
    }

    @Test
    void calls_too_many_end_in_the_end() {
        for (int i = 0; i < 6; i++) {
            answers.add(THROTTLED);
        }
        refused(Exit.UNREACHABLE, true);
        assertThat(answers).isEmpty();
    }

    @Test
    void a_token_that_had_its_time_is_replaced_once_for_each_call() {
        answers.addAll(List.of(UNAUTHORIZED, DONE));
        assertThat(call(true)).isTrue();
        assertThat(came).containsExactly("Bearer first \"body\"", "Bearer newer-1 \"body\"");
        answers.addAll(List.of(UNAUTHORIZED, UNAUTHORIZED));
        refused(Exit.REFUSED, true);
    }

    @Test
    void where_there_is_no_newer_token_nobody_is_asked_again() {
        answers.add(UNAUTHORIZED);
        assertThatThrownBy(() -> call(false)).hasMessageContaining("expired");
        assertThat(came).hasSize(1);
    }

    @Test
    void a_missing_right_concerns_all_and_what_is_disabled_does_not() {
        String error = "{\"error\":{\"code\":\"Forbidden\",\"message\":\"no\",\"innererror\":{\"code\":\"%s\"}}}";
        answers.add(new Answer(403, error.formatted("ForbiddenByRbac")));
        refused(Exit.REFUSED, true);
        answers.add(new Answer(403, error.formatted("KeyDisabled")));
        refused(Exit.REFUSED, false);
        answers.add(new Answer(404, error.formatted("")));
        refused(Exit.NOT_FOUND, false);
    }
}
