package dev.kluis.operator.node;

import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.identity.ServerIdentity;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The TLS server that nodes reach. Its certificate is renewed while it runs. */
public final class NodeServer implements AutoCloseable {

    /** A token, 256 objects and their names with room to spare. */
    private static final int MAX_REQUEST = 256 * 1024;

    private static final long HANDSHAKE_SECONDS = 10;
    private static final long IDLE_MINUTES = 30;
    private static final long STOP_SECONDS = 5;

    private final Server server;
    private final ServerIdentity identity;

    /**
     * @param port 0 is any free one
     * @param names that the nodes know this server by
     */
    public NodeServer(int port, List<String> names, CertificateAuthority authority, BindableService service) {
        identity = new ServerIdentity(authority, names);
        try {
            server = Grpc.newServerBuilderForPort(
                            port,
                            TlsServerCredentials.newBuilder()
                                    .keyManager(identity.keyManager())
                                    .build())
                    .addService(service)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .maxInboundMessageSize(MAX_REQUEST)
                    .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                    .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                    .permitKeepAliveTime(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the port " + port + " for nodes cannot be opened", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Answers what was asked before, for at most {@value #STOP_SECONDS} seconds. */
    @Override
    public void close() {
        identity.close();
        try {
            if (!server.shutdown().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
