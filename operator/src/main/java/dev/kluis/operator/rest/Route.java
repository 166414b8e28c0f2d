package dev.kluis.operator.rest;

import java.time.Duration;

/**
 * One thing that can be asked. A new one is made by {@link #inVault} or {@link #ofServer} and put into a table by whoever
 * starts the server.
 *
 * @param path its segments, such as {@code secrets/{name}/{version?}}: literals, parameters, and parameters that may be
 *     left out or left empty; a literal wins over a parameter
 * @param needs what has to be there before the handler is called
 * @param bodyLimit the most bytes of a request's body; 0 refuses any
 * @param streamed whether the handler reads the body as it comes, and memory does not hold it
 * @param time for reading the request, handling it and writing the response
 * @param work what its handler does most of the time
 * @param check whether the caller may ask at all, before anything of the body is read; it may block too
 * @param handler runs on a virtual thread and may block
 */
public record Route(
        Method method,
        PathPattern path,
        Scope scope,
        Needs needs,
        long bodyLimit,
        boolean streamed,
        Duration time,
        Work work,
        Check check,
        Handler handler) {

    /** What a request's body has at most where a route says nothing else: bytes. */
    public static final int DEFAULT_BODY_LIMIT = 64 * 1024;
    /** What is longer is dear: few may send so much at once, and only who may ask at all. Bytes. */
    public static final int LARGE_BODY = 256 * 1024;
    /** The most that a route may allow that does not stream: bytes. */
    public static final int MAX_BODY_LIMIT = 32 * 1024 * 1024;

    private static final Duration DEFAULT_TIME = Duration.ofSeconds(30);
    private static final Check ANYBODY = request -> {};

    public Route {
        if (bodyLimit < 0 || (bodyLimit > MAX_BODY_LIMIT && !streamed)) {
            throw new IllegalArgumentException("a body limit is 0 to " + MAX_BODY_LIMIT + " bytes, or it is streamed");
        }
    }

    public enum Method {
        GET,
        PUT,
        POST,
        PATCH,
        DELETE
    }

    /** Below what a path is meant. */
    public enum Scope {
        /** {@code /} of a vault's own host, {@code /vaults/NAMESPACE/NAME/} of the server's. */
        VAULT,
        /** {@code /} of the server's own hosts. */
        SERVER,
        /** {@code /} of the token endpoint's host. */
        LOGIN
    }

    /** What has to be there. */
    public enum Needs {
        /** A token, and an engine that serves. */
        EVERYTHING,
        /** A token; it is reachable while Kluis is sealed or starting. */
        TOKEN,
        /** Nothing; it tells nothing that is worth a secret. */
        NOTHING
    }

    /** What a request costs. */
    public enum Work {
        /** A processor, from the beginning to the end. */
        COMPUTES,
        /** Time: it waits for the store, or for another server. */
        WAITS
    }

    /** Translates. */
    @FunctionalInterface
    public interface Handler {

        /** Throws what the door throws, or a {@link RestException}. */
        Response handle(Request request);
    }

    /** Looks at a request without its body. */
    @FunctionalInterface
    public interface Check {

        /** Throws what the door throws, or a {@link RestException}, where it is refused. */
        void require(Request request);
    }

    /** A path in each vault. */
    public static Route inVault(Method method, String path, Handler handler) {
        return of(method, path, Scope.VAULT, handler);
    }

    /** A path of the server. */
    public static Route ofServer(Method method, String path, Handler handler) {
        return of(method, path, Scope.SERVER, handler);
    }

    /** A path of the token endpoint's host, for everybody. */
    public static Route ofLogin(Method method, String path, Handler handler) {
        return of(method, path, Scope.LOGIN, handler).needing(Needs.NOTHING);
    }

    private static Route of(Method method, String path, Scope scope, Handler handler) {
        boolean hasBody = method == Method.PUT || method == Method.POST || method == Method.PATCH;
        return new Route(
                method,
                PathPattern.parse(path),
                scope,
                Needs.EVERYTHING,
                hasBody ? DEFAULT_BODY_LIMIT : 0,
                false,
                DEFAULT_TIME,
                Work.WAITS,
                ANYBODY,
                handler);
    }

    /** Whether what it costs to take its body is for those only who proved that they may ask. */
    boolean guarded() {
        if (needs == Needs.NOTHING) {
            return !streamed && bodyLimit <= DEFAULT_BODY_LIMIT;
        }
        return !check.equals(ANYBODY) || (!streamed && bodyLimit <= LARGE_BODY);
    }

    /** Whether whoever proves who he is may send the body. */
    boolean unchecked() {
        return !streamed && check.equals(ANYBODY);
    }

    public Route needing(Needs least) {
        return new Route(method, path, scope, least, bodyLimit, streamed, time, work, check, handler);
    }

    public Route withBodyOf(int bytes) {
        return new Route(method, path, scope, needs, bytes, false, time, work, check, handler);
    }

    /** The handler reads the body from {@link Request#stream}. */
    public Route withStreamOf(long bytes) {
        return new Route(method, path, scope, needs, bytes, true, time, work, check, handler);
    }

    public Route within(Duration limit) {
        return new Route(method, path, scope, needs, bodyLimit, streamed, limit, work, check, handler);
    }

    public Route computing() {
        return new Route(method, path, scope, needs, bodyLimit, streamed, time, Work.COMPUTES, check, handler);
    }

    /** For a body that is dear: who may not ask is refused before it comes. */
    public Route after(Check permission) {
        return new Route(method, path, scope, needs, bodyLimit, streamed, time, work, permission, handler);
    }
}
