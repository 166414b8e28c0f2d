package dev.kluis.operator.identity;

import io.grpc.util.AdvancedTlsX509KeyManager;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;

/** A TLS server's key and certificate, renewed long before they expire; connections that are open stay open. */
public final class ServerIdentity implements AutoCloseable {

    private final AdvancedTlsX509KeyManager keyManager = new AdvancedTlsX509KeyManager();
    private final CertificateAuthority authority;
    private final List<String> names;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("certificate-renewal").daemon().factory());

    /** @param names DNS names, of which a first label may be {@code *}, and IPv4 addresses that clients use */
    public ServerIdentity(CertificateAuthority authority, List<String> names) {
        this.authority = authority;
        this.names = List.copyOf(names);
        renew();
        long half = CertificateAuthority.SERVER_VALIDITY.toSeconds() / 2;
        var _ = renewal.scheduleAtFixedRate(this::renew, half, half, TimeUnit.SECONDS);
    }

    /** For handshakes; each takes the newest certificate. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** A new key and certificate for every handshake from now on. */
    public void renew() {
        var issued = authority.issue(names);
        keyManager.updateIdentityCredentials(issued.chain().toArray(X509Certificate[]::new), issued.key());
    }

    @Override
    public void close() {
        renewal.shutdownNow();
    }
}
