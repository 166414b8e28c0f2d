package dev.kluis.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A real S3 server (versitygw, built by {@code deploy/local/build versitygw}) on a free port of this host, which keeps
 * buckets as folders and objects as files.
 */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "kluis-test";
    public static final String SECRET_KEY = "canary-s3-secret-key";
    public static final String REGION = "eu-west-1";

    private final Path folder;
    private final int port;
    private final Process process;

    private S3Server(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** @param folder an empty one, in which each bucket is a folder */
    public static S3Server start(Path folder, String... buckets) {
        try {
            for (String bucket : buckets) {
                Files.createDirectories(folder.resolve("buckets").resolve(bucket));
            }
            int port = freePort();
            var builder = new ProcessBuilder(
                            program().toString(),
                            "--port",
                            "127.0.0.1:" + port,
                            "--region",
                            REGION,
                            "posix",
                            "--sidecar",
                            Files.createDirectories(folder.resolve("attributes"))
                                    .toString(),
                            folder.resolve("buckets").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
            builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
            var server = new S3Server(folder, port, builder.start());
            await().atMost(Duration.ofSeconds(20)).until(server::listens);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path program() {
        var cache = Optional.ofNullable(System.getenv("KUBE_API_TEST_DIR"))
                .map(tests -> Path.of(tests).resolveSibling("bin"))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "kluis", "bin"));
        var program = cache.resolve("versitygw");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("there is no " + program + ": run deploy/local/build versitygw");
        }
        return program;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the S3 server ended: see " + folder.resolve("log"));
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The files of a bucket, by their keys. */
    public List<String> keys(String bucket) {
        var root = folder.resolve("buckets").resolve(bucket);
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the server keeps an object. */
    public Path file(String bucket, String key) {
        return folder.resolve("buckets").resolve(bucket).resolve(key);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
