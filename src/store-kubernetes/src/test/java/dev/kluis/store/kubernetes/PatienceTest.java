package dev.kluis.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.store.RecordBytes;
import dev.kluis.vault.store.StoreUnavailableException;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An HTTP server that is too busy for the first requests, and then does what it is asked. */
class PatienceTest {

    private static final ObjectId ID = ObjectId.secret(new VaultId("team", "ours"), "a");

    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 429;
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                asked.incrementAndGet();
                byte[] body = exchange.getRequestBody().readAllBytes();
                boolean refused = busy.getAndDecrement() > 0;
                byte[] answer = refused
                        ? ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + status + "}")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                        : body;
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(refused ? status : 201, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private void write() throws Exception {
        new KubernetesStore(client, "kluis-system")
                .compareAndSet(ID, Optional.empty(), new RecordBytes(new byte[] {1}, new byte[] {2}));
    }

    @Test
    void a_write_outlasts_a_storm_of_429() throws Exception {
        busy.set(4);
        write();
        assertThat(asked).hasValue(5);
    }

    @Test
    void a_write_outlasts_an_api_server_between_two_leaders() throws Exception {
        status = 503;
        busy.set(2);
        write();
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_storm_without_end_is_told_as_unavailable() {
        busy.set(Integer.MAX_VALUE);
        assertThatThrownBy(this::write)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("429");
        assertThat(asked).hasValueLessThan(10);
    }

    @Test
    void what_is_refused_for_good_is_not_asked_again() {
        status = 403;
        busy.set(Integer.MAX_VALUE);
        assertThatThrownBy(this::write)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("403");
        assertThat(asked).hasValue(1);
    }
}
