package dev.kluis.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.testkit.Cluster;
import dev.kluis.wire.driver.CSIDriverProviderGrpc;
import dev.kluis.wire.driver.MountRequest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks the provider of this node for mounts, as the driver does, with a token of a real pod. */
final class Provider implements AutoCloseable {

    private static final Path SOCKET = Path.of("/var/run/secrets-store-csi-providers/kluis.sock");
    private static final long HOUR = 3600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventLoopGroup events = new NioEventLoopGroup(1);
    private final ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(SOCKET))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(events)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
    private final Map<String, String> attributes;

    Provider(Cluster cluster, Pod pod, String vault) throws IOException {
        var token = cluster.client()
                .serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("kluis")
                        .withExpirationSeconds(HOUR)
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        attributes = Map.of(
                "csi.storage.k8s.io/pod.name", pod.getMetadata().getName(),
                "csi.storage.k8s.io/pod.namespace", pod.getMetadata().getNamespace(),
                "csi.storage.k8s.io/pod.uid", pod.getMetadata().getUid(),
                "csi.storage.k8s.io/serviceAccount.name", pod.getSpec().getServiceAccountName(),
                "csi.storage.k8s.io/serviceAccount.tokens",
                        JSON.writeValueAsString(Map.of("kluis", Map.of("token", token))),
                "keyvaultName", vault);
    }

    /** @return milliseconds */
    double mount(String secret) {
        try {
            var all = new java.util.HashMap<>(attributes);
            all.put("objects", "[{objectName: " + secret + ", objectType: secret}]");
            var request = MountRequest.newBuilder()
                    .setAttributes(JSON.writeValueAsString(all))
                    .setSecrets("null")
                    .build();
            long started = System.nanoTime();
            var _ = CSIDriverProviderGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .mount(request);
            return (System.nanoTime() - started) / 1e6;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
