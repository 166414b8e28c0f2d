package dev.kluis.operator.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.SigningKey;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.LineWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpAuditTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> lines = lines();
    private volatile int status = 204;
    private volatile String retryAfter = "";
    private HttpServer server;

    private static List<String> lines() {
        var lines = new ArrayList<String>();
        var chain = new AuditChain(
                new AuditChain.Settings("1".repeat(32), 5, Duration.ofSeconds(10), Optional.empty()),
                () -> NOW,
                List.of(),
                (number, line) -> lines.add(line));
        chain.signWith(SigningKey.ofSeed(SecretBytes.owning(new byte[32])));
        chain.close();
        return lines;
    }

    private HttpAudit sink(HttpServer created, String scheme, Optional<Path> token, Optional<Path> ca) {
        server = created;
        server.createContext("/audit", this::answer);
        server.start();
        return new HttpAudit(
                new HttpAudit.Settings(
                        URI.create(
                                scheme + "://localhost:" + server.getAddress().getPort() + "/audit"),
                        token,
                        ca,
                        Duration.ofSeconds(10),
                        "/kluis/kluis-system"),
                () -> NOW);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        heads.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void lines_are_sent_as_a_batch_of_cloud_events_with_the_token_of_the_file() throws Exception {
        var token = Files.writeString(folder.resolve("token"), "first\n");
        try (var sink = sink(HttpServer.create(anyPort(), 0), "http", Optional.of(token), Optional.empty())) {
            sink.write(lines);
            Files.writeString(token, "second");
            sink.write(lines.subList(0, 1));
        }

        assertThat(heads)
                .containsExactly(
                        "application/cloudevents-batch+json Bearer first",
                        "application/cloudevents-batch+json Bearer second");
        var events = new ObjectMapper().readTree(bodies.getFirst());
        assertThat(events).hasSize(2);
        var event = events.get(1);
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id").asText()).isEqualTo("1".repeat(32) + "-1");
        assertThat(event.path("source").asText()).isEqualTo("/kluis/kluis-system");
        assertThat(event.path("type").asText()).isEqualTo("dev.kluis.audit");
        assertThat(event.path("time").asText()).isEqualTo(NOW.toString());
        assertThat(bodies.getFirst()).as("byte for byte").contains("\"data\":" + lines.get(1) + "}");
    }

    @Test
    void any_other_answer_is_a_failure_that_says_when_to_come_again() throws Exception {
        try (var sink = sink(HttpServer.create(anyPort(), 0), "http", Optional.empty(), Optional.empty())) {
            status = 503;
            retryAfter = "7";
            assertThat(catchThrowableOfType(LineWriter.LaterException.class, () -> sink.write(lines))
                            .after())
                    .contains(Duration.ofSeconds(7));
            retryAfter = "Thu, 01 Jan 2026 00:00:30 GMT";
            assertThat(catchThrowableOfType(LineWriter.LaterException.class, () -> sink.write(lines))
                            .after())
                    .contains(Duration.ofSeconds(30));
            retryAfter = "soon";
            assertThat(catchThrowableOfType(LineWriter.LaterException.class, () -> sink.write(lines))
                            .after())
                    .isEmpty();
            status = 302;
            assertThatThrownBy(() -> sink.write(lines)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void only_the_authority_of_the_file_is_trusted() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var pair = generator.generateKeyPair();
        var name = new X500Principal("CN=localhost");
        var certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(Instant.EPOCH),
                                Date.from(Instant.parse("2100-01-01T00:00:00Z")),
                                name,
                                pair.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("tls", pair.getPrivate(), new char[0], new Certificate[] {certificate});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        var secure = HttpsServer.create(anyPort(), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        var ca = Files.writeString(
                folder.resolve("ca.crt"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        try (var sink = sink(secure, "https", Optional.empty(), Optional.of(ca))) {
            sink.write(lines);
        }
        assertThat(bodies).hasSize(1);
        var stranger = new HttpAudit(
                new HttpAudit.Settings(
                        URI.create("https://localhost:" + secure.getAddress().getPort() + "/audit"),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        "x"),
                () -> NOW);
        assertThatThrownBy(() -> stranger.write(lines)).isInstanceOf(IOException.class);
        stranger.close();
    }

    @Test
    void a_url_with_a_password_and_a_file_without_a_token_are_refused() throws Exception {
        assertThatThrownBy(() -> new HttpAudit.Settings(
                        URI.create("https://user:canary@localhost/"),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("canary");
        var token = Files.writeString(folder.resolve("token"), "canary with spaces");
        try (var sink = sink(HttpServer.create(anyPort(), 0), "http", Optional.of(token), Optional.empty())) {
            assertThatThrownBy(() -> sink.write(lines))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("canary");
        }
        assertThat(bodies).isEmpty();
    }
}
