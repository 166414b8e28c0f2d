package dev.kluis.csi;

import com.sun.net.httpserver.HttpServer;
import dev.kluis.csi.cache.NodeCache;
import dev.kluis.csi.mount.Mounter;
import dev.kluis.csi.mount.ProviderService;
import dev.kluis.csi.operator.OperatorClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The process on every node. */
public final class Main {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final Duration TIDY_EVERY = Duration.ofSeconds(5);

    private Main() {}

    public static void main(String[] args) throws IOException {
        String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("0.0.0-development");
        if (args.length > 0) {
            boolean known = List.of("--help", "--version").contains(args[0]);
            System.out.println(
                    args[0].equals("--version")
                            ? version
                            : "kluis-csi-provider: gives pods the secrets of Kluis as files, through the Secrets Store CSI"
                                    + " driver.\nIt takes no arguments; it is set up by the environment:\n"
                                    + Settings.help());
            System.exit(known ? 0 : 2);
        }
        try {
            serve(Settings.of(System.getenv()), version);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("kluis-csi-provider: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void serve(Settings settings, String version) throws IOException {
        Logger log = System.getLogger(Main.class.getName());
        var clock = InstantSource.system();
        var operator = new OperatorClient(settings.operator(), settings.authority(), settings.fetchTimeout());
        var cache = new NodeCache(settings.cacheBytes(), clock, new SecureRandom());
        var mounter = new Mounter(operator, cache, settings.node(), clock);
        var service = new ProviderService(mounter, version);
        var server = new ProviderServer(settings.socket(), service);
        var health = health(settings.healthPort(), server);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            health.stop(0);
            server.close();
            operator.close();
        }));
        log.log(
                Level.INFO,
                "kluis-csi-provider {0} serves {1} on node {2} for {3}",
                version,
                settings.socket(),
                settings.node(),
                settings.operator());
        tidyWhenIdle(service);
    }

    /**
     * What the start and each burst of mounts leave behind is most of the heap, and this process lives long and does
     * little: it gives that back when nothing is mounted.
     */
    private static void tidyWhenIdle(ProviderService service) {
        Thread.ofVirtual().name("tidy").start(() -> {
            long tidied = -1;
            long before = 0;
            try {
                while (true) {
                    long now = service.mounts();
                    if (now == before && now != tidied) {
                        System.gc();
                        tidied = now;
                    }
                    before = now;
                    Thread.sleep(TIDY_EVERY);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static HttpServer health(int port, ProviderServer server) throws IOException {
        var http = HttpServer.create(new InetSocketAddress(port), 0);
        http.createContext("/healthz", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(server.serving() ? OK : UNAVAILABLE, -1);
            }
        });
        http.start();
        return http;
    }
}
