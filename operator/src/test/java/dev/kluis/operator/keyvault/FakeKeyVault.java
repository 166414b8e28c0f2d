package dev.kluis.operator.keyvault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A server with the hosts {@code kv} and {@code login} of {@code vault.svc.cluster.local}, which answers what a test says: as a
 * Key Vault does, or as whoever pretends to be one.
 */
final class FakeKeyVault implements AutoCloseable {

    static final String VERSION = "0123456789abcdef0123456789abcdef";
    static final String TOKEN = "canary-access-token";

    private final HttpsServer server;
    private final Path authority;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What came, as METHOD, path, whether with a token, and the body. */
    record Came(String path, String authorization, String body) {}

    final List<Came> requests = new CopyOnWriteArrayList<>();
    String challenge;
    int unasked = 401;
    int tokenStatus = 200;
    String tokenAnswer = "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + TOKEN + "\"}";
    int status = 200;
    String answer = "";
    boolean silent;

    FakeKeyVault(Path folder) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var pair = generator.generateKeyPair();
        var name = new X500Principal("CN=fake");
        var certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(Instant.EPOCH),
                                Date.from(Instant.parse("2100-01-01T00:00:00Z")),
                                name,
                                pair.getPublic())
                        .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                            new GeneralName(GeneralName.dNSName, "kv.vault.svc.cluster.local"),
                            new GeneralName(GeneralName.dNSName, "login.vault.svc.cluster.local")
                        }))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("tls", pair.getPrivate(), new char[0], new Certificate[] {certificate});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        authority = Files.writeString(
                folder.resolve("ca.crt"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(command -> Thread.ofVirtual().start(command));
        server.createContext("/", this::handle);
        server.start();
        challenge = "Bearer authorization=\"https://login.vault.svc.cluster.local:" + port()
                + "/adfs\", resource=\"https://vault.svc.cluster.local:" + port() + "\"";
        answer = "{\"kid\":\"" + key() + "/" + VERSION + "\",\"value\":\"d3JhcHBlZA\"}";
    }

    int port() {
        return server.getAddress().getPort();
    }

    Path authority() {
        return authority;
    }

    String key() {
        return "https://kv.vault.svc.cluster.local:" + port() + "/keys/root";
    }

    String login() {
        return "https://login.vault.svc.cluster.local:" + port() + "/";
    }

    List<Came> tokenRequests() {
        return requests.stream()
                .filter(came -> came.path().contains("/oauth2/"))
                .toList();
    }

    List<Came> withToken() {
        return requests.stream().filter(came -> !came.authorization().isEmpty()).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            var came = new Came(
                    exchange.getRequestURI().toString(),
                    authorization.equals("null") ? "" : authorization,
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            requests.add(came);
            if (silent) {
                closing.await();
            } else if (came.path().contains("/oauth2/")) {
                send(exchange, tokenStatus, tokenAnswer);
            } else if (came.authorization().isEmpty()) {
                exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
                send(exchange, unasked, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10000\"}}");
            } else {
                send(exchange, status, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Location", "https://elsewhere.example.com/");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** From now on nothing accepts connections. */
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
