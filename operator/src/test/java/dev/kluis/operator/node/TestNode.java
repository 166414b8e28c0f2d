package dev.kluis.operator.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.NodeGrpc;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A node: the pods that are on it, and its way to the operator. */
final class TestNode implements AutoCloseable {

    private static final String NAME = "node-1";

    private final TestOperator operator;
    private final ManagedChannel channel;

    TestNode(TestOperator operator) {
        this.operator = operator;
        try {
            channel = Grpc.newChannelBuilder(
                            "localhost:" + operator.kluis().nodePort(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(new ByteArrayInputStream(
                                            Api.authority(operator).getBytes(US_ASCII)))
                                    .build())
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A pod on it; the node is there as an object, so that tokens are bound to it. */
    Pod pod(String namespace, String name, String account) {
        operator.client()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .build())
                .serverSideApply();
        return operator.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName(account)
                        .withNodeName(NAME)
                        .addNewContainer()
                        .withName("main")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    /** What the kubelet tells of a pod. */
    static dev.kluis.wire.node.Pod told(Pod pod) {
        return dev.kluis.wire.node.Pod.newBuilder()
                .setNamespace(pod.getMetadata().getNamespace())
                .setName(pod.getMetadata().getName())
                .setUid(pod.getMetadata().getUid())
                .setServiceAccount(pod.getSpec().getServiceAccountName())
                .setNode(NAME)
                .build();
    }

    FetchResponse fetch(FetchRequest request) {
        return NodeGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .fetch(request);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
