package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Request.Source;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Scope;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request's head, taken apart: what it asks for, of which route, and the token that came with it. Made by the event
 * loop, without waiting for anything.
 *
 * @param vault as the path or the host names it
 * @param base below which the route's paths are
 * @param token absent where there is none or more than one
 */
record Call(
        Target target,
        Authority authority,
        RouteTable.Found found,
        Optional<Address> vault,
        String base,
        Optional<String> token) {

    private static final String OVERRIDE = "X-HTTP-METHOD";
    private static final String VAULTS = "vaults";
    /** RFC 6750 §2.1. */
    private static final String SCHEME = "Bearer ";

    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
    private static final Pattern BEHIND_PATH = Pattern.compile("[?#].*");

    /** A vault's name, and its namespace where the path says it. */
    record Address(Optional<String> namespace, String name) {}

    static Call of(HttpServerRequest http, RouteTable table) {
        var authority = Authority.parse(host(http));
        var target = Target.parse(http.uri());
        var segments = target.segments();
        String server = "https://" + authority.text();
        if (authority.vault().isPresent()) {
            var address = new Address(Optional.empty(), authority.vault().get());
            return new Call(
                    target,
                    authority,
                    table.find(Scope.VAULT, method(http), segments),
                    Optional.of(address),
                    server,
                    token(http));
        }
        if (authority.login()) {
            return new Call(
                    target,
                    authority,
                    table.find(Scope.LOGIN, method(http), segments),
                    Optional.empty(),
                    server,
                    Optional.empty());
        }
        if (segments.size() > 3 && segments.getFirst().equals(VAULTS)) {
            var address = new Address(Optional.of(segments.get(1)), segments.get(2));
            return new Call(
                    target,
                    authority,
                    table.find(Scope.VAULT, method(http), segments.subList(3, segments.size())),
                    Optional.of(address),
                    server + "/" + VAULTS + "/" + segments.get(1) + "/" + segments.get(2),
                    token(http));
        }
        return new Call(
                target,
                authority,
                table.find(Scope.SERVER, method(http), segments),
                Optional.empty(),
                server,
                token(http));
    }

    /** Exactly one, as RFC 9112 §3.2 demands. */
    private static String host(HttpServerRequest http) {
        if (http.version() == HttpVersion.HTTP_2) {
            var authority = http.authority();
            return authority == null ? "" : authority.toString();
        }
        var hosts = http.headers().getAll("Host");
        return hosts.size() == 1 ? hosts.getFirst() : "";
    }

    /** Key Vault lets a POST stand for another method. */
    private static String method(HttpServerRequest http) {
        String override = http.getHeader(OVERRIDE);
        String method = http.method().name();
        return override != null && method.equals(Method.POST.name()) ? override : method;
    }

    /** Whatever it is: whether it has the form of a token is seen where it is not known yet. */
    private static Optional<String> token(HttpServerRequest http) {
        List<String> headers = http.headers().getAll("Authorization");
        if (headers.size() != 1 || !headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return Optional.of(headers.getFirst().substring(SCHEME.length()).stripLeading())
                .filter(token -> !token.isEmpty());
    }

    /** @param tenant of the token endpoint */
    Challenge challenge(String tenant) {
        return new Challenge(authority, tenant);
    }

    /** @param id of this request */
    static Source source(HttpServerRequest http, String id) {
        var remote = http.remoteAddress();
        String agent = http.getHeader("User-Agent");
        String printable = agent == null ? "" : NOT_PRINTABLE.matcher(agent).replaceAll("?");
        return new Source(
                remote == null || remote.hostAddress() == null ? "" : remote.hostAddress(),
                printable.substring(0, Math.min(printable.length(), 256)),
                BEHIND_PATH.matcher(http.uri()).replaceFirst(""),
                id);
    }
}
