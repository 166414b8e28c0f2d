package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api.TokenAudience;
import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.operator.rest.Route.Scope;
import dev.kluis.testkit.ApiServer;
import dev.kluis.testkit.Trust;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in, what a vault's own host answers, and that no way to write a path gets around anything. */
class ApiAccessIT {

    private static final String CANARY = "canary-value-7d1f";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("access");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String base = "/vaults/" + ns + "/" + vault;
    private Api officer;

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "officer", "Secrets Officer");
        officer = Api.as(operator, ns, "officer");
        assertThat(officer.put(base + "/secrets/s", "{\"value\":\"" + CANARY + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void who_has_no_token_is_challenged_before_anything_is_looked_at() {
        var anonymous = Api.with(operator, "");
        for (var answer : List.of(
                anonymous.get(base + "/secrets/s"),
                anonymous.put(base + "/secrets/s", "no JSON"),
                anonymous.get(base + "/secrets/s?api-version=none"),
                anonymous.get("/vaults/no-such/vault-here/secrets"))) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("Unauthorized");
            assertThat(answer.message()).startsWith("AKV10000");
            assertThat(answer.response().headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer realm=\"kluis\"");
        }
    }

    @Test
    void attack_14_a_token_that_proves_nothing_is_refused_and_not_repeated() {
        String another = Api.token(operator, ns, "officer", TokenAudience.ANOTHER);
        String good = Api.token(operator, ns, "officer", TokenAudience.KLUIS);
        String forged = good.substring(0, good.lastIndexOf('.') + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[256]);
        for (String token : List.of(another, forged, "x", "a.b.c", "e30.e30.e30")) {
            var answer = Api.with(operator, token).get(base + "/secrets/s");
            assertThat(answer.status()).as(answer.message()).isEqualTo(401);
            assertThat(answer.message()).startsWith("AKV10032");
            if (token.length() > 20) {
                assertThat(answer.response().body()).doesNotContain(token.substring(0, 20));
            }
        }
        for (UnaryOperator<HttpRequest.Builder> with : List.<UnaryOperator<HttpRequest.Builder>>of(
                request -> request.header("Authorization", "Basic " + good),
                request -> request.header("Authorization", good),
                request -> request.header("Authorization", "Bearer"),
                request -> request.header("Authorization", "Bearer " + good + " x"),
                request ->
                        request.header("Authorization", "Bearer " + good).header("Authorization", "Bearer " + good))) {
            assertThat(Api.with(operator, "").send(base + "/secrets/s", with).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void attack_02_who_may_not_reads_the_same_whether_it_is_there_or_not() {
        var stranger = Api.as(operator, ns, "stranger");
        var there = stranger.get(base + "/secrets/s");
        var not = stranger.get(base + "/secrets/t");
        assertThat(there.status()).isEqualTo(403);
        assertThat(there.inner()).isEqualTo("ForbiddenByRbac");
        assertThat(there.message().replace("secrets/s,", "secrets/t,")).isEqualTo(not.message());
        var noVault = stranger.get("/vaults/" + ns + "/another/secrets/s");
        assertThat(noVault.status()).isEqualTo(403);
        assertThat(noVault.message().replace("another", vault)).isEqualTo(there.message());
    }

    @Test
    void a_vaults_own_host_is_key_vaults() throws Exception {
        String host = vault + ".vault.svc.cluster.local";
        String token = Api.token(operator, ns, "officer", TokenAudience.KLUIS);
        var challenge = raw(host, "GET /secrets/s/?api-version=7.4", "");
        assertThat(challenge).startsWith("HTTP/1.1 401");
        assertThat(challenge)
                .containsIgnoringCase("WWW-Authenticate: Bearer"
                        + " authorization=\"https://login.vault.svc.cluster.local/adfs\","
                        + " resource=\"https://vault.svc.cluster.local\"\r\n");
        var get = raw(host, "GET /secrets/s/?api%2Dversion=2025-07-01", token);
        assertThat(get).startsWith("HTTP/1.1 200").contains("\"id\":\"https://" + host + "/secrets/s/");
        assertThat(raw(host, "GET /secrets/s", token))
                .startsWith("HTTP/1.1 400")
                .contains("BadParameter");
        assertThat(raw(host, "GET /secrets/s?api-version=6.0", token)).startsWith("HTTP/1.1 400");
        assertThat(raw(host, "GET /status?api-version=7.4", token)).startsWith("HTTP/1.1 404");
        assertThat(raw(host, "GET " + base + "/secrets/s?api-version=7.4", token))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void a_vaults_own_host_does_not_tell_whether_or_where_the_vault_is() throws Exception {
        String token = Api.token(operator, ns, "stranger", TokenAudience.KLUIS);
        String there = raw(vault + ".vault.svc.cluster.local", "GET /secrets/s?api-version=7.4", token);
        String not = raw("nosuch.vault.svc.cluster.local", "GET /secrets/s?api-version=7.4", token);
        assertThat(there).startsWith("HTTP/1.1 403");
        assertThat(body(there).replace(vault, "nosuch")).isEqualTo(body(not));
        assertThat(body(there)).contains("Action: 'secrets/getSecret/action'").doesNotContain(ns + "/");
    }

    private String raw(String host, String start, String token) throws Exception {
        int port = operator.kluis().api().orElseThrow().port();
        try (var raw = Raw.open(Trust.in(Api.authority(operator)), host, port)) {
            return raw.send(start + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                            + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n")
                    .rest();
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n"));
    }

    @Test
    void a_post_may_stand_for_another_method() {
        var answer = officer.send(
                base + "/secrets/s",
                request -> request.header("X-HTTP-METHOD", "GET").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.body().path("value").asText()).isEqualTo(CANARY);
        assertThat(officer.send(
                                base + "/secrets/s",
                                request ->
                                        request.header("X-HTTP-METHOD", "PUT").GET())
                        .status())
                .isEqualTo(200);
        assertThat(officer.send("HEAD", base + "/secrets/s", "").status()).isEqualTo(405);
    }

    @Test
    void every_route_refuses_every_other_way_to_write_its_path() {
        for (var route : operator.kluis().api().orElseThrow().routes()) {
            if (route.needs() == Needs.NOTHING) {
                continue;
            }
            String path = (route.scope() == Scope.VAULT ? base + "/" : "/")
                    + route.path().toString().replaceAll("\\{[a-z]+\\?}", "").replaceAll("\\{[a-z]+}", "x");
            for (String other : variations(path)) {
                var answer = officer.send(route.method().name(), other, "");
                assertThat(answer.status()).as("%s %s", route.method(), other).isIn(400, 404, 405, 413);
            }
        }
    }

    /** Each segment in turn, changed into what another decoder might take for something else. */
    private static List<String> variations(String path) {
        var all = new ArrayList<String>();
        String[] segments = path.substring(1).replaceAll("/+$", "").split("/");
        for (int i = 0; i < segments.length; i++) {
            for (String change : List.of(
                    "%s;",
                    "%s;x=y",
                    "%s%%3B",
                    "%s%%2F",
                    "%s%%5C",
                    "%s%%00",
                    "%s%%252F",
                    "%s/..",
                    "%s/.",
                    "%s/%%2e%%2e/%1$s",
                    "..;/%s",
                    "%s%%20",
                    "%s%%0d%%0a",
                    "%s%%C0%%AF")) {
                var changed = segments.clone();
                changed[i] = String.format(change, segments[i]);
                all.add("/" + String.join("/", changed));
            }
            if (i < 3 && i > 0) {
                var changed = segments.clone();
                changed[i] = "/" + segments[i];
                all.add("/" + String.join("/", changed));
            }
        }
        return all;
    }

    @Test
    void attack_09_bad_bodies_are_refused_without_being_repeated() {
        for (String body : List.of(
                "",
                "x",
                "[]",
                "{}",
                "{\"value\":1}",
                "{\"value\":null}",
                "{\"value\":[\"" + CANARY + "\"]}",
                "{\"value\":\"" + CANARY + "\",\"value\":\"b\"}",
                "{\"value\":\"" + CANARY + "\"",
                "{\"value\":\"" + CANARY + "\"} " + CANARY,
                "{\"value\":\"" + CANARY + "\",\"tags\":[]}",
                "{\"value\":\"" + CANARY + "\",\"tags\":{\"a\":1}}",
                "{\"value\":\"" + CANARY + "\",\"tags\":{\"a\":null}}",
                "{\"value\":\"" + CANARY + "\",\"contentType\":1}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":1}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":{\"exp\":\"soon\"}}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":{\"exp\":1.5}}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":{\"exp\":-1}}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":{\"exp\":99999999999999}}",
                "{\"value\":\"" + CANARY + "\",\"attributes\":{\"enabled\":1}}",
                "{\"value\":\"" + "x".repeat(25_601) + "\"}",
                "{\"x\":" + "[".repeat(5000) + "}")) {
            var answer = officer.put(base + "/secrets/bad", body);
            assertThat(answer.status()).as(answer.message()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("BadParameter");
            assertThat(answer.response().body()).doesNotContain(CANARY);
        }
        assertThat(officer.put(base + "/secrets/bad", "{\"value\":\"" + "x".repeat(200_000) + "\"}")
                        .status())
                .isEqualTo(413);
        for (String name : List.of("a.b", "a_b", "a".repeat(128))) {
            assertThat(officer.put(base + "/secrets/" + name, "{\"value\":\"v\"}")
                            .status())
                    .isEqualTo(400);
        }
        assertThat(officer.get(base + "/secrets/s/" + "A".repeat(32)).status()).isEqualTo(400);
        assertThat(officer.put(base + "/secrets/largest", "{\"value\":\"" + "\\u0041".repeat(25_600) + "\"}")
                        .status())
                .isEqualTo(200);
    }
}
