package dev.kluis.csi;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A gRPC server on a Unix socket that only its owner may connect to. Its folder is root's, as the driver demands. */
public final class ProviderServer implements AutoCloseable {

    private static final int MAX_REQUEST = 1024 * 1024;
    private static final long STOP_SECONDS = 10;

    private final Path socket;
    private final Server server;
    private final EventLoopGroup events = new NioEventLoopGroup(1);

    /** @param socket a file there is taken for the rest of a process that was killed, and replaced */
    public ProviderServer(Path socket, BindableService service) throws IOException {
        this.socket = socket;
        Files.deleteIfExists(socket);
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(events)
                .workerEventLoopGroup(events)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(MAX_REQUEST)
                .addService(service)
                .build()
                .start();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }

    public boolean serving() {
        return !server.isShutdown() && Files.exists(socket);
    }

    /** Ends the mounts that are under way, for at most {@value #STOP_SECONDS} seconds, and removes the socket. */
    @Override
    public void close() {
        try {
            if (!server.shutdown().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
            Files.deleteIfExists(socket);
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The next start replaces it.
        } finally {
            var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
