package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.operator.TestOperator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The API's description, of a running operator. */
class OpenApiIT {

    /** Key Vault's operations on secrets, all of them. */
    private static final Set<String> SECRETS = Set.of(
            "PUT /secrets/{name}",
            "GET /secrets/{name}",
            "GET /secrets/{name}/{version}",
            "PATCH /secrets/{name}",
            "PATCH /secrets/{name}/{version}",
            "GET /secrets",
            "GET /secrets/{name}/versions",
            "DELETE /secrets/{name}",
            "GET /deletedsecrets",
            "GET /deletedsecrets/{name}",
            "POST /deletedsecrets/{name}/recover",
            "DELETE /deletedsecrets/{name}",
            "POST /secrets/{name}/backup",
            "POST /secrets/restore");

    /** Those on keys, where keys are served. */
    private static final Set<String> KEYS = Set.of(
            "POST /keys/{name}/create",
            "PUT /keys/{name}",
            "GET /keys/{name}",
            "GET /keys/{name}/{version}",
            "PATCH /keys/{name}",
            "PATCH /keys/{name}/{version}",
            "GET /keys",
            "GET /keys/{name}/versions",
            "DELETE /keys/{name}",
            "GET /deletedkeys",
            "GET /deletedkeys/{name}",
            "POST /deletedkeys/{name}/recover",
            "DELETE /deletedkeys/{name}",
            "POST /keys/{name}/backup",
            "POST /keys/restore",
            "POST /keys/{name}/{version}/encrypt",
            "POST /keys/{name}/{version}/decrypt",
            "POST /keys/{name}/{version}/wrapkey",
            "POST /keys/{name}/{version}/unwrapkey",
            "POST /keys/{name}/{version}/sign",
            "POST /keys/{name}/{version}/verify",
            "POST /keys/{name}/{version}/release",
            "POST /keys/{name}/rotate",
            "GET /keys/{name}/rotationpolicy",
            "PUT /keys/{name}/rotationpolicy",
            "POST /rng");

    private final TestOperator operator = TestOperator.shared();
    private final JsonNode document =
            Api.with(operator, "").get("/" + OpenApi.PATH).body();

    private Set<String> operations() {
        var operations = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(member ->
                                operations.add(member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        operations.removeIf(one -> one.startsWith("SERVERS "));
        return operations;
    }

    @Test
    void it_has_every_operation_of_key_vaults_contract() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(operations()).containsAll(SECRETS);
        if (operations().contains("GET /keys")) {
            assertThat(operations()).containsAll(KEYS);
        }
        assertThat(operations()).contains("POST /{tenant}/oauth2/token", "GET /status", "GET /" + OpenApi.PATH);
    }

    @Test
    void it_has_every_route_and_says_of_each_who_may_call_and_what_it_takes() {
        for (var route : operator.kluis().api().orElseThrow().routes()) {
            var operation = document.path("paths")
                    .path("/" + route.path().toString().replace("?}", "}"))
                    .path(route.method().name().toLowerCase(Locale.ROOT));
            assertThat(operation.isObject()).as(route.path().toString()).isTrue();
            assertThat(operation.path("security").isEmpty())
                    .as("who may call %s", route.path())
                    .isEqualTo(route.needs() == Route.Needs.NOTHING);
            assertThat(operation.has("requestBody")).isEqualTo(route.bodyLimit() > 0);
        }
        var ids = document.path("paths").findValuesAsText("operationId");
        assertThat(ids).doesNotHaveDuplicates().isNotEmpty();
    }

    @Test
    void its_versions_are_those_that_are_taken() {
        var versions = document.path("components")
                .path("parameters")
                .path("apiVersion")
                .path("schema")
                .path("enum");
        assertThat(versions.valueStream().map(JsonNode::asText))
                .containsExactly("7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01");
    }
}
