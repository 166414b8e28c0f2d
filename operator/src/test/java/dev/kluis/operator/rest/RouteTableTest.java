package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.operator.rest.Route.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which route answers. */
class RouteTableTest {

    private final RouteTable table = new RouteTable(List.of(
            route(Method.GET, "secrets/{name}/{version?}"),
            route(Method.GET, "secrets/{name}/versions"),
            route(Method.PUT, "secrets/{name}"),
            route(Method.POST, "secrets/restore"),
            route(Method.POST, "keys/{name}/{version?}/sign"),
            Route.ofServer(Method.GET, "status", request -> Response.noContent())));

    private static Route route(Method method, String path) {
        return Route.inVault(method, path, request -> Response.noContent());
    }

    @Test
    void a_literal_wins_over_a_parameter() {
        assertThat(found("GET", "secrets", "s", "versions")).isEqualTo(Map.of("name", "s"));
        assertThat(found("GET", "secrets", "s", "abc")).isEqualTo(Map.of("name", "s", "version", "abc"));
    }

    @Test
    void a_version_may_be_left_out_and_may_be_empty_inside() {
        assertThat(found("GET", "secrets", "s")).isEqualTo(Map.of("name", "s"));
        assertThat(found("POST", "keys", "k", "", "sign")).isEqualTo(Map.of("name", "k"));
        assertThat(found("POST", "keys", "k", "v", "sign")).isEqualTo(Map.of("name", "k", "version", "v"));
    }

    @Test
    void a_name_that_is_a_word_of_another_method_is_a_name() {
        assertThat(found("PUT", "secrets", "restore")).isEqualTo(Map.of("name", "restore"));
    }

    @Test
    void what_is_at_no_path_is_told_from_what_is_of_no_method() {
        refused(404, "GET", "nothing");
        refused(404, "GET", "status");
        refused(404, "GET", "secrets", "", "versions");
        refused(404, "GET", "secrets", "s", "v", "more");
        refused(404, "GET", "Secrets", "s");
        refused(405, "DELETE", "secrets", "s");
        refused(405, "get", "secrets", "s");
    }

    private Map<String, String> found(String method, String... segments) {
        return table.find(Scope.VAULT, method, List.of(segments)).parameters();
    }

    private void refused(int status, String method, String... segments) {
        assertThatThrownBy(() -> found(method, segments))
                .isInstanceOfSatisfying(
                        RestException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void a_dear_body_is_nobodys_who_has_not_proved_that_he_may_send_it() {
        var large = route(Method.POST, "large").withBodyOf(Route.LARGE_BODY + 1);
        var stream = route(Method.POST, "stream").withStreamOf(1);
        var open = Route.ofLogin(Method.POST, "open", request -> Response.noContent());
        for (var unguarded : List.of(
                large,
                stream,
                open.withBodyOf(Route.DEFAULT_BODY_LIMIT + 1),
                open.withStreamOf(1).after(request -> {}))) {
            assertThatThrownBy(() -> new RouteTable(List.of(unguarded)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(unguarded.path().toString());
        }
        assertThat(new RouteTable(List.of(large.after(request -> {}), stream.after(request -> {}), open)).routes())
                .hasSize(3);
    }
}
