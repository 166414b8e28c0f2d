package dev.kluis.operator.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.operator.rest.Api.Answer;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exchange of what proves an identity for an access token, and what that is worth. */
class TokenEndpointIT {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("token");
    private final String vault = "t" + ns.substring(ns.length() - 8);
    private final Api login = Api.with(operator, "").onHost("login.vault.svc.cluster.local");

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.awaitReady(operator.secret(ns, "s", "vaultRef: {name: " + vault + "}\nsource: {generate: {}}"));
        operator.grant(ns, vault, "app", "Secrets User");
    }

    private Answer post(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return login.send(
                path,
                request -> request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static Map<String, String> form(String... namesAndValues) {
        var form = new LinkedHashMap<>(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                "00000000-0000-0000-0000-000000000000",
                "scope",
                "https://vault.svc.cluster.local/.default"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return form;
    }

    private Map<String, String> asserting(String assertion) {
        return form("client_assertion", assertion, "client_assertion_type", ASSERTION_TYPE);
    }

    private static String token(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().path("token_type").asText()).isEqualTo("Bearer");
        assertThat(answer.response().headers().firstValue("Cache-Control").orElseThrow())
                .contains("no-store");
        return answer.body().path("access_token").asText();
    }

    private Answer read(String token) {
        return Api.with(operator, token)
                .onHost(vault + ".vault.svc.cluster.local")
                .get("/secrets/s?api-version=7.4");
    }

    private static void refuses(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.body().path("error").asText()).isEqualTo(error);
        assertThat(answer.body().path("error_description").asText()).isNotEmpty();
    }

    @Test
    void a_service_accounts_token_is_exchanged_at_every_path_that_clients_use() {
        String assertion = Api.token(operator, ns, "app", "kluis");
        for (String path : List.of(
                "/adfs/oauth2/token",
                "/adfs/oauth2/token?client-request-id=1",
                "/adfs/oauth2/v2.0/token",
                "/8f1e6d1c-0000-4000-8000-1234567890ab/oauth2/v2.0/token")) {
            var answer = post(path, asserting(assertion));
            assertThat(answer.body().path("expires_in").asInt()).isBetween(3000, 3600);
            assertThat(read(token(answer)).status()).isEqualTo(200);
        }
        var byResource = asserting(assertion);
        byResource.remove("scope");
        byResource.put("resource", "https://vault.svc.cluster.local:8443");
        byResource.put("claims", "{\"access_token\":{\"xms_cc\":{\"values\":[\"CP1\"]}}}");
        assertThat(read(token(post("/adfs/oauth2/token", byResource))).status()).isEqualTo(200);
    }

    @Test
    void an_access_token_is_worth_what_its_identity_may_and_no_more() {
        String other = token(post("/adfs/oauth2/token", asserting(Api.token(operator, ns, "other", "kluis"))));
        assertThat(read(other).status()).isEqualTo(403);
    }

    @Test
    void the_audience_of_azures_workload_identity_is_taken_for_an_exchange_only() {
        String assertion = Api.token(operator, ns, "app", "api://AzureADTokenExchange");
        assertThat(read(token(post("/adfs/oauth2/v2.0/token", asserting(assertion))))
                        .status())
                .isEqualTo(200);
        assertThat(read(assertion).status()).as("as a token itself").isEqualTo(401);
        refuses(
                post("/adfs/oauth2/token", asserting(Api.token(operator, ns, "app", "another"))),
                401,
                "invalid_client");
    }

    @Test
    void an_access_token_lives_no_longer_than_the_token_it_was_made_from() {
        String assertion = Api.token(operator, ns, "app", "kluis");
        operator.later(
                Duration.ofMinutes(50),
                () -> assertThat(post("/adfs/oauth2/token", asserting(assertion))
                                .body()
                                .path("expires_in")
                                .asInt())
                        .isBetween(1, 600));
        operator.later(
                Duration.ofMinutes(61),
                () -> refuses(post("/adfs/oauth2/token", asserting(assertion)), 401, "invalid_client"));
    }

    @Test
    void attack_14_an_access_token_is_refused_once_its_service_account_is_another_and_clients_are_told_to_forget_it() {
        String token = token(post("/adfs/oauth2/token", asserting(Api.token(operator, ns, "app", "kluis"))));
        assertThat(read(token).status()).isEqualTo(200);
        operator.client().serviceAccounts().inNamespace(ns).withName("app").delete();
        String again = Api.token(operator, ns, "app", "kluis");
        var refused = awaitRefused(token);
        assertThat(refused.response().headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("error=\"insufficient_claims\", claims=\"");
        assertThat(read(token(post("/adfs/oauth2/token", asserting(again)))).status())
                .as("the new one has the same name, and the assignment is for the name")
                .isEqualTo(200);
    }

    @Test
    void attack_14_an_access_token_for_a_pod_ends_with_the_pod() {
        Api.token(operator, ns, "app", "kluis");
        var pod = pod();
        String assertion = Api.podToken(operator, pod, "app");
        String token = token(post("/adfs/oauth2/token", asserting(assertion)));
        assertThat(read(token).status()).isEqualTo(200);
        operator.client().resource(pod).withGracePeriod(0).delete();
        awaitRefused(token);
        operator.later(
                Duration.ofMinutes(40),
                () -> refuses(post("/adfs/oauth2/token", asserting(assertion)), 401, "invalid_client"));
    }

    /** The API server itself goes by its memory for some seconds. Kluis looks again after a minute, which is made to pass. */
    private Answer awaitRefused(String token) {
        var minutes = new AtomicInteger();
        var answers = new ArrayList<Answer>();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    operator.later(Duration.ofSeconds(61L * minutes.incrementAndGet()), () -> answers.add(read(token)));
                    return answers.getLast().status() == 401;
                });
        return answers.getLast();
    }

    private Pod pod() {
        return operator.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("app-0")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("app")
                        .addNewContainer()
                        .withName("app")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void a_declared_client_outside_the_cluster_proves_itself_by_a_secret_that_is_kept_in_a_vault() {
        String secret = "canary-client-secret-0001";
        operator.awaitReady(operator.vault("clients", "clients"));
        operator.grant("clients", "clients", "officer", "Secrets Officer");
        var officer = Api.as(operator, "clients", "officer");
        String path = "/vaults/clients/clients/secrets/ci-secret";
        assertThat(officer.put(path, "{\"value\":\"" + secret + "\"}").status()).isEqualTo(200);
        var proving = form("client_id", "CI", "client_secret", secret);
        refuses(post("/adfs/oauth2/token", proving), 401, "invalid_client");

        operator.awaitReady(operator.assignment(
                "clients",
                "token-endpoint",
                "vaultRef: {name: clients}\nrole: Secrets User\nscope: {secrets: [ci-secret]}\n"
                        + "subjects: [{kind: User, name: \"kluis:token-endpoint\"}]"));
        operator.awaitReady(operator.assignment(
                ns,
                "ci",
                "vaultRef: {name: " + vault
                        + "}\nrole: Secrets User\nsubjects: [{kind: User, name: \"kluis:client:ci\"}]"));
        String token = token(post("/adfs/oauth2/token", proving));
        assertThat(read(token).status()).isEqualTo(200);
        for (var wrong : List.of(
                form("client_id", "ci", "client_secret", secret + "1"),
                form("client_id", "ci", "client_secret", ""),
                form("client_id", "nobody", "client_secret", secret))) {
            var refused = post("/adfs/oauth2/token", wrong);
            refuses(refused, 401, "invalid_client");
            assertThat(refused.body().toString()).doesNotContain("canary");
        }

        assertThat(officer.put(path, "{\"value\":\"canary-client-secret-0002\"}")
                        .status())
                .isEqualTo(200);
        refuses(post("/adfs/oauth2/token", proving), 401, "invalid_client");
        operator.later(
                Duration.ofSeconds(61),
                () -> assertThat(read(token).status())
                        .as("with the secret, what was given for it ends")
                        .isEqualTo(401));
        assertThat(officer.put(path, "{\"value\":\"short\"}").status()).isEqualTo(200);
        refuses(post("/adfs/oauth2/token", form("client_id", "ci", "client_secret", "short")), 401, "invalid_client");
    }

    @Test
    void what_is_no_request_for_a_token_is_refused_in_the_words_of_oauth() {
        String assertion = Api.token(operator, ns, "app", "kluis");
        refuses(post("/adfs/oauth2/token", Map.of()), 400, "unsupported_grant_type");
        refuses(post("/adfs/oauth2/token", form("grant_type", "password")), 400, "unsupported_grant_type");
        refuses(post("/adfs/oauth2/token", form()), 400, "invalid_request");
        refuses(post("/adfs/oauth2/token", form("client_assertion", assertion)), 400, "invalid_request");
        var both = asserting(assertion);
        both.put("client_secret", "x");
        refuses(post("/adfs/oauth2/token", both), 400, "invalid_request");
        var elsewhere = asserting(assertion);
        elsewhere.put("scope", "https://management.example.com/.default");
        refuses(post("/adfs/oauth2/token", elsewhere), 400, "invalid_scope");
        refuses(post("/another/oauth2/token", asserting(assertion)), 400, "invalid_request");
        refuses(post("/adfs/oauth2/token", asserting("x".repeat(8193))), 400, "invalid_request");
        refuses(post("/adfs/oauth2/token", asserting("a.b.c")), 401, "invalid_client");
        refuses(
                login.send(
                        "/adfs/oauth2/token",
                        request -> request.POST(BodyPublishers.ofString(
                                "grant_type=client_credentials&grant_type=client_credentials"))),
                400,
                "invalid_request");
        refuses(
                login.send("/adfs/oauth2/token", request -> request.POST(BodyPublishers.ofString("grant_type=%zz"))),
                400,
                "invalid_request");
        assertThat(login.send(
                                "/adfs/oauth2/token",
                                request -> request.POST(BodyPublishers.ofString("x".repeat(17 * 1024))))
                        .status())
                .isEqualTo(413);
        assertThat(login.get("/adfs/oauth2/token").status()).isEqualTo(405);
    }

    @Test
    void clients_find_the_endpoint_by_its_documents() {
        for (String base : List.of("/adfs", "/adfs/v2.0")) {
            var document = login.get(base + "/.well-known/openid-configuration");
            assertThat(document.status()).isEqualTo(200);
            assertThat(document.body().path("issuer").asText()).isEqualTo(login.url() + base);
            String endpoint = document.body().path("token_endpoint").asText();
            assertThat(endpoint).startsWith(login.url() + "/adfs/oauth2");
            var path = endpoint.substring(login.url().length());
            token(post(path, asserting(Api.token(operator, ns, "app", "kluis"))));
            var keys = login.get(document.body()
                    .path("jwks_uri")
                    .asText()
                    .substring(login.url().length()));
            assertThat(keys.body().path("keys").isArray()).isTrue();
        }
        var instance = login.get("/common/discovery/instance?api-version=1.1&authorization_endpoint="
                + "https%3A%2F%2Flogin.vault.svc.cluster.local%2Fadfs%2Foauth2%2Fv2.0%2Fauthorize");
        assertThat(instance.body().path("tenant_discovery_endpoint").asText())
                .isEqualTo(login.url() + "/adfs/v2.0/.well-known/openid-configuration");
    }

    @Test
    void a_vault_has_none_of_it_and_the_endpoint_no_vault() {
        var vaultHost = Api.with(operator, "").onHost(vault + ".vault.svc.cluster.local");
        assertThat(vaultHost
                        .get("/adfs/.well-known/openid-configuration?api-version=7.4")
                        .status())
                .isEqualTo(404);
        String token = Api.token(operator, ns, "app", "kluis");
        var withToken = Api.with(operator, token).onHost("login.vault.svc.cluster.local");
        assertThat(withToken.get("/secrets/s?api-version=7.4").status()).isEqualTo(404);
        assertThat(withToken.get("/vaults/" + ns + "/" + vault + "/secrets/s").status())
                .isEqualTo(404);
        assertThat(withToken.get("/status").status()).isEqualTo(404);
    }

    @Test
    void attack_13_an_assignment_that_is_taken_away_ends_what_an_access_token_may_within_a_second() {
        String token = token(post("/adfs/oauth2/token", asserting(Api.token(operator, ns, "app", "kluis"))));
        var open = Api.with(operator, token).onHost(vault + ".vault.svc.cluster.local");
        String path = "/secrets/s?api-version=7.4";
        assertThat(open.get(path).status()).isEqualTo(200);
        operator.client()
                .resources(AccessAssignment.class)
                .inNamespace(ns)
                .withName("app")
                .delete();
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> open.get(path).status() == 403);
        assertThat(read(token(post("/adfs/oauth2/token", asserting(Api.token(operator, ns, "app", "kluis")))))
                        .status())
                .as("a newer token is worth no more")
                .isEqualTo(403);
    }

    @Test
    void what_an_access_token_was_given_for_cannot_be_read_from_it() {
        String assertion = Api.token(operator, ns, "app", "kluis");
        String token = token(post("/adfs/oauth2/token", asserting(assertion)));
        String payload = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertThat(payload).contains("\"sub\":\"system:serviceaccount:" + ns + ":app\"");
        assertThat(payload).doesNotContain(assertion.substring(assertion.lastIndexOf('.') + 1));
    }
}
