package dev.kluis.operator.rest;

import dev.kluis.operator.identity.Authentication;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.ServerIdentity;
import dev.kluis.operator.rest.Request.Source;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server (TLS 1.3, HTTP/1.1 and HTTP/2) that routes are put into. In this order: the request's head, its route,
 * whether Kluis can serve it, who calls, whether he may ask, and only then its body. Event loops never wait; handlers run on virtual threads.
 */
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

    private static final int MAX_LINE = 8 * 1024;
    /** A token has at most 16 KiB. */
    private static final int MAX_HEADERS = 24 * 1024;

    private static final int MAX_STREAMS = 100;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final long STOP_SECONDS = 5;
    /** How long the next bytes of a stream may keep their reader waiting. */
    private static final Duration STREAM_PATIENCE = Duration.ofSeconds(30);
    /** How long all of the body may keep a place of those who prove nothing: what they may send is small. */
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(2);

    private final String tenant;
    private final Authentication tokens;
    private final InstantSource clock;
    private final FairShares shares;
    private final BooleanSupplier ready;
    private final Supplier<UUID> ids;
    private final Gates gates;
    private final Connections connections;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(2)
            .setUseDaemonThread(true)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final HttpServer server;
    private volatile RouteTable table;
    private volatile Optional<Vault> engine = Optional.empty();

    /**
     * Where it is and who it is.
     *
     * @param port 0 is any free one
     * @param tenant of the token endpoint, in challenges
     */
    public record Address(int port, String tenant, ServerIdentity identity) {}

    /**
     * @param ready whether requests can be served that need everything
     * @param ids makes the ids of requests
     */
    public RestServer(
            Address address,
            Authentication tokens,
            BooleanSupplier ready,
            InstantSource clock,
            Supplier<UUID> ids,
            FairShares shares,
            List<Route> routes) {
        this(address, tokens, ready, clock, ids, shares, routes, Limits.DEFAULT);
    }

    RestServer(
            Address address,
            Authentication tokens,
            BooleanSupplier ready,
            InstantSource clock,
            Supplier<UUID> ids,
            FairShares shares,
            List<Route> routes,
            Limits limits) {
        this.shares = shares;
        this.tenant = address.tenant();
        this.clock = clock;
        this.connections = new Connections(limits.connections(), limits.silence());
        this.gates = new Gates(limits);
        this.tokens = tokens;
        this.ready = ready;
        this.ids = ids;
        this.table = new RouteTable(routes);
        this.server = vertx.createHttpServer(options(address.identity()))
                .connectionHandler(connections::opened)
                .requestHandler(this::handle);
        listen(address.port());
        vertx.setPeriodic(Math.max(1, limits.silence().toMillis() / 8), timer -> connections.closeSilent());
    }

    private static HttpServerOptions options(ServerIdentity identity) {
        return new HttpServerOptions()
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setKeyCertOptions(KeyCertOptions.wrap(identity.keyManager()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MAX_STREAMS)
                        .setMaxHeaderListSize(MAX_HEADERS)
                        .setPushEnabled(false))
                // The body says so when it is wanted.
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(false);
    }

    private void listen(int port) {
        try {
            server.listen(port).toCompletionStage().toCompletableFuture().join();
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("the port " + port + " for the API cannot be opened", e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** What is answered now. */
    public List<Route> routes() {
        return table.routes();
    }

    /** From now on there is an engine, and more routes. */
    public synchronized void serve(Vault vaults, List<Route> more) {
        var all = new ArrayList<>(table.routes());
        all.addAll(more);
        table = new RouteTable(all);
        engine = Optional.of(vaults);
    }

    private void handle(HttpServerRequest http) {
        var source = Call.source(http, ids.get().toString());
        var connection = http.connection();
        connections.begins(connection);
        http.response().endHandler(end -> connections.ends(connection));
        var body = new Body(http);
        try {
            var call = call(http);
            deadline(http, call.found().route().time());
            start(http, body, call, source);
        } catch (RuntimeException e) {
            respond(http, body, 0, refused(e, source), source);
        }
    }

    private Call call(HttpServerRequest http) {
        Call call;
        try {
            call = Call.of(http, table);
        } catch (RestException e) {
            throw engine.isEmpty() && e.status() == RestException.NOT_FOUND ? notServing() : e;
        }
        long limit = call.found().route().bodyLimit();
        if (Body.length(http).orElse(0) > limit) {
            throw Body.tooLarge(limit);
        }
        return call;
    }

    private static RestException notServing() {
        return RestException.unavailable("NotServing", "Kluis is starting, or sealed: /status tells which", 1);
    }

    /** A request that is not done in time ends with its stream, or with its connection where that is the same. */
    private void deadline(HttpServerRequest http, Duration time) {
        long timer = vertx.setTimer(time.toMillis(), fired -> Sending.end(http));
        http.response().closeHandler(closed -> vertx.cancelTimer(timer));
        http.response().bodyEndHandler(end -> vertx.cancelTimer(timer));
    }

    private void start(HttpServerRequest http, Body body, Call call, Source source) {
        var route = call.found().route();
        var places = new Places();
        places.take(gates.enter(route, source.address()));
        var context = vertx.getOrCreateContext();
        long most = body.most(route.bodyLimit());
        // Whoever waits to be told to send is told when his request has come to that.
        boolean sending = !route.streamed() && http.getHeader(HttpHeaders.EXPECT) == null;
        var known = sending ? known(call, most) : Optional.<Caller>empty();
        boolean reading = sending && (most == 0 || known.isPresent());
        if (reading) {
            body.want(most);
        }
        workers.execute(() -> {
            Response response;
            try {
                response = answer(body, reading, call, known, source, places, context::runOnContext);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                response = refused(RestException.unavailable("Stopping", "Kluis is stopping", 1), source);
            } catch (RuntimeException e) {
                response = refused(e, source);
            }
            places.done();
            var done = response;
            long unread = route.streamed() ? route.bodyLimit() : 0;
            context.runOnContext(now -> {
                // The event loop lets the next in: by then it has looked at what the others sent, on one processor too.
                try (places) {
                    respond(http, body, unread, done, source);
                }
            });
        });
    }

    /**
     * Whose request this is, where its body may come before anything else is asked: it is small, and whoever sends it has
     * proved who he is by an earlier one. So it is here by the time that somebody needs it, and nobody waits for it.
     */
    private Optional<Caller> known(Call call, long most) {
        boolean small = most > 0 && most <= Route.DEFAULT_BODY_LIMIT;
        return small && call.found().route().unchecked() ? call.token().flatMap(tokens::known) : Optional.empty();
    }

    /** @param reading whether the body comes already */
    private Response answer(
            Body body,
            boolean reading,
            Call call,
            Optional<Caller> known,
            Source source,
            Places places,
            Body.EventLoop loop)
            throws InterruptedException {
        var route = call.found().route();
        var serving = engine.filter(one -> ready.getAsBoolean());
        if (route.needs() == Needs.EVERYTHING && serving.isEmpty()) {
            throw notServing();
        }
        Optional<Caller> caller =
                route.needs() == Needs.NOTHING ? Optional.empty() : known.or(() -> Optional.of(authenticate(call)));
        ApiVersions.require(call);
        var vault = call.vault().map(address -> vault(address, serving, caller));
        var request = new Request(
                call.found().parameters(),
                call.target().query(),
                new byte[0],
                InputStream.nullInputStream(),
                call.base(),
                vault,
                call.authority().vault().isPresent(),
                caller,
                serving,
                source);
        // Whoever proves no identity has no share: what he may ask for costs little.
        if (caller.isPresent()) {
            places.take(shares.enter(caller.get(), vault, route.work(), gates.room()));
        }
        route.check().require(request);
        return taking(body, reading, route, request, places, loop);
    }

    private Response taking(
            Body body, boolean reading, Route route, Request request, Places places, Body.EventLoop loop)
            throws InterruptedException {
        var caller = request.authenticated();
        long most = body.most(route.bodyLimit());
        if (caller.isPresent()) {
            places.take(gates.enter(route, caller.get(), most));
        }
        if (route.streamed()) {
            return route.handler().handle(request.reading(body.stream(route.bodyLimit(), STREAM_PATIENCE, loop)));
        }
        if (!reading) {
            loop.run(now -> body.want(most));
        }
        byte[] bytes = caller.isEmpty() ? body.read(OPEN_PATIENCE) : body.read();
        try {
            return route.handler().handle(request.with(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private Caller authenticate(Call call) {
        if (call.token().isEmpty()) {
            throw RestException.unauthorized(
                    "AKV10000: Request is missing a Bearer or PoP token.",
                    call.challenge(tenant).missing());
        }
        try {
            return tokens.authenticate(call.token().get());
        } catch (AuthenticationException e) {
            throw Refusals.of(e, call.challenge(tenant), clock.instant());
        }
    }

    /** A name that no vault has goes through the door too: as that of a vault beside the caller, which is not there. */
    private static VaultId vault(Call.Address address, Optional<Vault> vaults, Optional<Caller> caller) {
        return address.namespace()
                .map(namespace -> new VaultId(namespace, address.name()))
                .or(() -> vaults.flatMap(one -> one.named(address.name())))
                .orElseGet(() -> new VaultId(
                        caller.orElse(null) instanceof Caller.ServiceAccount account ? account.namespace() : "none",
                        address.name()));
    }

    private static Response refused(RuntimeException failure, Source source) {
        return Refusals.of(failure, source).response();
    }

    private void respond(HttpServerRequest http, Body body, long unread, Response response, Source source) {
        Sending.send(http, response, source);
        if (http.isEnded()) {
            body.wipe();
        } else {
            body.discard(unread);
        }
    }

    /** Answers what was asked before, for at most {@value #STOP_SECONDS} seconds. */
    @Override
    public void close() {
        try {
            server.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
            workers.shutdown();
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.warn("The API's server did not stop cleanly", e);
        }
    }
}
