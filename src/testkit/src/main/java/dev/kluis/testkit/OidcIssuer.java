package dev.kluis.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An OpenID Connect issuer, whose users the API server of tests knows with {@value #PREFIX} before their names and groups. */
public final class OidcIssuer {

    /** Before the names of its users and groups. */
    public static final String PREFIX = "oidc:";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int RSA_BITS = 2048;
    private static final char[] PASSWORD = "of a test".toCharArray();

    private final KeyPair key = newKey();
    private final String url;
    private final String certificate;

    private OidcIssuer(Path folder) throws IOException, GeneralSecurityException {
        var store = identity(folder);
        certificate = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(store.getCertificate("issuer").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        url = "https://127.0.0.1:" + server.getAddress().getPort();
        answer(server, "/.well-known/openid-configuration", """
                {"issuer":"%1$s","jwks_uri":"%1$s/keys","authorization_endpoint":"%1$s/authorize",\
                "response_types_supported":["id_token"],"subject_types_supported":["public"],\
                "id_token_signing_alg_values_supported":["RS256"]}""".formatted(url));
        var open = (RSAPublicKey) key.getPublic();
        answer(server, "/keys", """
                {"keys":[{"kty":"RSA","kid":"test","use":"sig","alg":"RS256","n":"%s","e":"%s"}]}""".formatted(unsigned(open.getModulus()), unsigned(open.getPublicExponent())));
        server.start();
    }

    static OidcIssuer start() {
        try {
            return new OidcIssuer(Files.createTempDirectory("kluis-issuer"));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the issuer of tests could not be started", e);
        }
    }

    /** An API server's configuration that trusts it, for tokens of the audience {@code kluis}. */
    Path configuration() throws IOException {
        return Files.writeString(Files.createTempFile("kluis-authentication", ".yaml"), """
                apiVersion: apiserver.config.k8s.io/v1beta1
                kind: AuthenticationConfiguration
                jwt:
                  - issuer:
                      url: %s
                      audiences: [kluis]
                      certificateAuthority: |
                %s
                    claimMappings:
                      username: {claim: sub, prefix: "%s"}
                      groups: {claim: groups, prefix: "%s"}
                """.formatted(
                        url, certificate.strip().indent(8).stripTrailing(), PREFIX, PREFIX));
    }

    /** A user's token. */
    public String token(String user, List<String> groups, String audience, Instant expires) {
        return sign(key, user, groups, audience, expires);
    }

    /** One that says the same and is signed by somebody else. */
    public String forgedToken(String user, List<String> groups, String audience, Instant expires) {
        return sign(newKey(), user, groups, audience, expires);
    }

    private String sign(KeyPair by, String user, List<String> groups, String audience, Instant expires) {
        String names = groups.stream().map(group -> '"' + group + '"').collect(Collectors.joining(","));
        String signed = encode("{\"alg\":\"RS256\",\"kid\":\"test\",\"typ\":\"JWT\"}") + "."
                + encode("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"groups\":[%s],\"iat\":%d,\"exp\":%d}"
                        .formatted(
                                url, user, audience, names, expires.getEpochSecond() - 3600, expires.getEpochSecond()));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(by.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK makes certificates by its tool only. */
    private static KeyStore identity(Path folder) throws IOException, GeneralSecurityException {
        var file = folder.resolve("issuer.p12");
        var tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "issuer",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=issuer",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc:c=ca:true",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            if (tool.waitFor() != 0) {
                throw new IOException(Files.readString(folder.resolve("log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private static void answer(HttpsServer server, String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
    }
}
