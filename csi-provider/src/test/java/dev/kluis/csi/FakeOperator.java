package dev.kluis.csi;

import com.google.protobuf.ByteString;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.NodeGrpc;
import dev.kluis.wire.node.Object;
import dev.kluis.wire.node.ObjectType;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An operator's node service over real TLS, with a map for a vault. It believes every token. */
public final class FakeOperator extends NodeGrpc.NodeImplBase implements AutoCloseable {

    /** {version, value} by type and name. */
    public record Held(String version, String value) {}

    public final Map<String, Held> objects = new ConcurrentHashMap<>();
    public final List<FetchRequest> requests = new CopyOnWriteArrayList<>();
    public volatile long offlineSeconds;
    public volatile Status refusal = Status.OK;

    private final Path certificate;
    private final Path key;
    private Server server;
    private int port;

    public FakeOperator(Path folder) throws IOException {
        certificate = folder.resolve("ca.crt");
        key = folder.resolve("ca.key");
        try {
            var made = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "ec",
                            "-pkeyopt",
                            "ec_paramgen_curve:P-256",
                            "-nodes",
                            "-days",
                            "2",
                            "-subj",
                            "/CN=localhost",
                            "-addext",
                            "subjectAltName=DNS:localhost",
                            "-keyout",
                            key.toString(),
                            "-out",
                            certificate.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (made.waitFor() != 0) {
                throw new IOException("openssl failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        start();
    }

    public void start() throws IOException {
        server = Grpc.newServerBuilderForPort(port, TlsServerCredentials.create(certificate.toFile(), key.toFile()))
                .addService(this)
                .build()
                .start();
        port = server.getPort();
    }

    public void stop() {
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String target() {
        return "localhost:" + port;
    }

    public Path certificate() {
        return certificate;
    }

    /** Gives a secret a value, with a version made from a number. */
    public void put(String name, int version, String value) {
        put(ObjectType.SECRET, name, version, value);
    }

    /** Gives an object of any type a value. */
    public void put(ObjectType type, String name, int version, String value) {
        objects.put(type + "/" + name, new Held("%032x".formatted(version), value));
    }

    @Override
    public void fetch(FetchRequest request, StreamObserver<FetchResponse> answer) {
        requests.add(request);
        if (!refusal.isOk()) {
            answer.onError(refusal.asRuntimeException());
            return;
        }
        var response = FetchResponse.newBuilder()
                .setOfflineSeconds(offlineSeconds)
                .setServiceAccountUid(Mounts.uidOf(request.getPod().getServiceAccount()));
        for (var object : request.getObjectsList()) {
            var held = objects.get(object.getType() + "/" + object.getName());
            if (held == null) {
                answer.onError(Status.PERMISSION_DENIED
                        .withDescription("may not read " + object.getName())
                        .asRuntimeException());
                return;
            }
            var one = Object.newBuilder().setVersion(held.version());
            if (object.getHeld().equals(held.version())) {
                one.setUnchanged(true);
            } else {
                one.setValue(ByteString.copyFrom(held.value(), StandardCharsets.UTF_8));
            }
            response.addObjects(one);
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void close() throws IOException {
        stop();
        Files.deleteIfExists(key);
    }
}
