package dev.kluis.csi.operator;

import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.NodeGrpc;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The operator, over TLS that is trusted by Kluis's own authority only. */
public final class OperatorClient implements AutoCloseable {

    /** The driver takes no more than this from a provider either. */
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private static final Duration WHEN_KNOWN_TO_BE_AWAY = Duration.ofSeconds(2);
    private static final long KEEP_ALIVE_SECONDS = 20;
    private static final long AUTHORITY_READ_SECONDS = 30;

    private final ManagedChannel channel;
    private final Duration timeout;
    private final ScheduledExecutorService reading = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("authority-reading").factory());

    /**
     * @param target host and port
     * @param authority PEM file; read again when it changes
     */
    public OperatorClient(String target, Path authority, Duration timeout) {
        this.timeout = timeout;
        try {
            var trust = AdvancedTlsX509TrustManager.newBuilder().build();
            var _ = trust.updateTrustCredentials(authority.toFile(), AUTHORITY_READ_SECONDS, TimeUnit.SECONDS, reading);
            channel = Grpc.newChannelBuilder(
                            target,
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(trust)
                                    .build())
                    .maxInboundMessageSize(MAX_ANSWER)
                    .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            reading.shutdownNow();
            throw new IllegalStateException("the certificate authority in " + authority + " cannot be read", e);
        }
    }

    /** The operator did not answer, or said that it cannot now. */
    public static final class UnreachableException extends Exception {
        private UnreachableException(String message) {
            super(message);
        }
    }

    /** @throws StatusRuntimeException the operator's answer, when it is a refusal */
    public FetchResponse fetch(FetchRequest request) throws UnreachableException {
        try {
            return stub().fetch(request);
        } catch (StatusRuntimeException e) {
            var code = e.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                throw new UnreachableException("the operator does not answer");
            }
            throw e;
        }
    }

    /**
     * Where the last connection failed, the next one is tried at once, however long the failure asks to wait, and is
     * given two seconds; otherwise a failure to connect is told as soon as it happens.
     */
    private NodeGrpc.NodeBlockingStub stub() {
        var stub = NodeGrpc.newBlockingStub(channel);
        if (channel.getState(true) != ConnectivityState.TRANSIENT_FAILURE) {
            return stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        channel.resetConnectBackoff();
        long patience = Math.min(timeout.toMillis(), WHEN_KNOWN_TO_BE_AWAY.toMillis());
        return stub.withWaitForReady().withDeadlineAfter(patience, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        reading.shutdownNow();
        channel.shutdownNow();
    }
}
