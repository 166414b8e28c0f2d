package dev.kluis.csi;

import dev.kluis.wire.driver.CSIDriverProviderGrpc;
import dev.kluis.wire.driver.VersionRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Runs the provider of an image's root through all that it does in its life, so that the JVM writes the archive of loaded
 * classes that the image starts from: {@code Training ROOT COMMAND...}, the command being what starts the provider there.
 */
public final class Training {

    private static final int MOUNTS = 200;
    private static final String OBJECTS = "[{objectName: db, objectType: secret, filePermission: \"0440\"}]";

    private Training() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var folder = Path.of(args[0], "tmp");
        var events = new NioEventLoopGroup(1);
        try (var operator = new FakeOperator(folder)) {
            operator.put("db", 1, "value");
            operator.offlineSeconds = 60;
            var builder = new ProcessBuilder(Arrays.copyOfRange(args, 1, args.length)).inheritIO();
            builder.environment().put("KLUIS_SOCKET", "/tmp/kluis.sock");
            builder.environment().put("KLUIS_CA", "/tmp/ca.crt");
            builder.environment().put("KLUIS_OPERATOR", operator.target());
            builder.environment().put("KLUIS_NODE_NAME", "node");
            builder.environment().put("KLUIS_HEALTH_PORT", "0");
            var provider = builder.start();
            var socket = folder.resolve("kluis.sock");
            while (!Files.exists(socket)) {
                if (provider.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the provider ended with " + provider.exitValue());
                }
            }
            var channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                    .eventLoopGroup(events)
                    .overrideAuthority("localhost")
                    .usePlaintext()
                    .build();
            var stub = CSIDriverProviderGrpc.newBlockingStub(channel);
            stub.withWaitForReady()
                    .version(VersionRequest.newBuilder().setVersion("v1alpha1").build());
            for (int i = 0; i < MOUNTS; i++) {
                stub.mount(Mounts.request("api" + i % 20, OBJECTS));
            }
            try {
                stub.mount(Mounts.request("api", "[]"));
            } catch (StatusRuntimeException e) {
                // As it has to be.
            }
            operator.stop();
            stub.mount(Mounts.request("api1", OBJECTS));
            channel.shutdownNow();
            provider.descendants().forEach(ProcessHandle::destroy);
            provider.destroy();
            provider.waitFor();
        } finally {
            var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            Files.deleteIfExists(folder.resolve("ca.crt"));
        }
    }
}
