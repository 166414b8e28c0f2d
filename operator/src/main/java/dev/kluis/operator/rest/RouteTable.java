package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The routes that there are, found by method and path. */
final class RouteTable {

    private final List<Route> routes;

    /** @throws IllegalArgumentException for a route whose body is dear, and that takes it of anybody */
    RouteTable(List<Route> routes) {
        for (var route : routes) {
            if (!route.guarded()) {
                throw new IllegalArgumentException("a body of " + route.bodyLimit() + " bytes or a stream, at "
                        + route.path() + ", takes a token and a check before it comes");
            }
        }
        this.routes = routes.stream()
                .sorted(Comparator.comparing(Route::path, PathPattern.MOST_LITERAL_FIRST))
                .toList();
    }

    /** A route with the parameters of a path. */
    record Found(Route route, Map<String, String> parameters) {}

    List<Route> routes() {
        return routes;
    }

    /** @throws RestException 404 for a path that nothing answers to, 405 when it does to other methods only */
    Found find(Scope scope, String method, List<String> segments) {
        var allowed = new TreeSet<Method>();
        for (var route : routes) {
            if (route.scope() != scope) {
                continue;
            }
            var parameters = route.path().match(segments);
            if (parameters.isEmpty()) {
                continue;
            }
            if (route.method().name().equals(method)) {
                return new Found(route, parameters.get());
            }
            allowed.add(route.method());
        }
        if (allowed.isEmpty()) {
            throw RestException.notFound("there is nothing at this path");
        }
        String names = allowed.stream().map(Method::name).collect(Collectors.joining(", "));
        throw RestException.methodNotAllowed("this path takes " + names, names);
    }
}
