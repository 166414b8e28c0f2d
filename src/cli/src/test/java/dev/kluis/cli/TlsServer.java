package dev.kluis.cli;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A server at {@code https://localhost}, which is not started yet. Needs nothing but a JDK.
 *
 * @param certificate that is to be trusted, PEM
 */
record TlsServer(HttpsServer server, String certificate) {

    private static final String PASSWORD = "password";

    /** @param folder for its key */
    static TlsServer in(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("server.p12");
        keytool(
                store,
                List.of(
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost"));
        var file = folder.resolve("server.crt");
        keytool(store, List.of("-exportcert", "-rfc", "-alias", "server", "-file", file.toString()));
        return new TlsServer(server(store), Files.readString(file));
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    private static void keytool(Path store, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
    }

    private static HttpsServer server(Path keyStore) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }
}
