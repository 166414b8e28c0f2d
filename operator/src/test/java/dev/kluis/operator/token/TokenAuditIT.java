package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.operator.rest.Api.Answer;
import dev.kluis.operator.rest.Elsewhere;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.AuditTarget.TokenClient;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditRecord;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the audit tells of the token endpoint, and how often a client's secret can be guessed there. */
class TokenAuditIT {

    private static final String SECRET = "canary-client-secret-of-cd";
    private static final ObjectId KEPT = ObjectId.secret(new VaultId("clients", "clients"), "cd-secret");
    private static final String HOST = "login.vault.svc.cluster.local";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("token-audit");
    private final Api login = Api.with(operator, "").onHost(HOST);
    private int before;

    @BeforeEach
    void declare() {
        operator.awaitReady(operator.vault("clients", "clients"));
        operator.grant("clients", "clients", "officer", "Secrets Officer");
        assertThat(Api.as(operator, "clients", "officer")
                        .put("/vaults/clients/clients/secrets/cd-secret", "{\"value\":\"" + SECRET + "\"}")
                        .status())
                .isEqualTo(200);
        operator.awaitReady(operator.assignment(
                "clients",
                "token-endpoint-cd",
                "vaultRef: {name: clients}\nrole: Secrets User\nscope: {secrets: [cd-secret]}\n"
                        + "subjects: [{kind: User, name: \"kluis:token-endpoint\"}]"));
        before = operator.audit().size();
    }

    /** What was told since the test began. */
    private List<AuditRecord> audit() {
        var all = List.copyOf(operator.audit());
        return all.subList(before, all.size());
    }

    private static String form(String client, String proof, String value) {
        return "grant_type=client_credentials&scope=https%3A%2F%2Fvault.svc.cluster.local%2F.default&client_id="
                + URLEncoder.encode(client, UTF_8) + "&" + proof + "=" + URLEncoder.encode(value, UTF_8);
    }

    private static String secret(String value) {
        return form("CD", "client_secret", value);
    }

    private static String asserting(String assertion) {
        return form("an-app", "client_assertion", assertion)
                + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    }

    private Answer post(String form) {
        return login.send("/adfs/oauth2/token", request -> request.POST(BodyPublishers.ofString(form)));
    }

    private List<String> told() {
        return audit().stream()
                .filter(record -> record.operation().equals("TokenIssue"))
                .map(record -> (record.target() instanceof TokenClient(String id) ? id : "?") + " " + record.caller()
                        + " " + record.result().type() + " " + record.result().status())
                .toList();
    }

    @Test
    void a_token_that_is_issued_and_one_that_is_refused_are_told_with_whose_it_is_and_why() {
        String good = Api.token(operator, ns, "app", "kluis");
        String bad = good.substring(0, good.length() - 20);
        before = operator.audit().size();
        var issued = post(asserting(good));
        assertThat(issued.status()).isEqualTo(200);
        assertThat(post(asserting(bad)).status()).isEqualTo(401);
        assertThat(post(secret(SECRET)).status()).isEqualTo(200);
        assertThat(post(secret("canary-of-a-guess")).status()).isEqualTo(401);
        assertThat(post(form("nobody", "client_secret", "canary-of-another")).status())
                .isEqualTo(401);
        assertThat(post("grant_type=password&client_id=x").status()).isEqualTo(400);

        assertThat(told())
                .containsExactly(
                        "an-app system:serviceaccount:" + ns + ":app Success 200",
                        "an-app kluis:anonymous INVALID_CLIENT 401",
                        "CD kluis:client:cd Success 200",
                        "CD kluis:anonymous INVALID_CLIENT 401",
                        "nobody kluis:anonymous INVALID_CLIENT 401",
                        "x kluis:anonymous UNSUPPORTED_GRANT_TYPE 400");
        String all = audit().toString();
        assertThat(all)
                .contains("did not sign it", "this is not its secret", "a token for https://vault.svc.cluster.local")
                .contains("127.0.0.1", "/adfs/oauth2/token")
                .doesNotContain(
                        "canary", good, bad, issued.body().path("access_token").asText());
    }

    @Test
    void a_guess_is_no_read_of_the_secret() {
        assertThat(post(secret("a-wrong-one-of-some-length")).status()).isEqualTo(401);
        assertThat(post(secret(SECRET)).status()).isEqualTo(200);
        assertThat(audit())
                .filteredOn(record -> record.target().equals(KEPT))
                .extracting(
                        AuditRecord::caller,
                        AuditRecord::operation,
                        record -> record.result().type())
                .containsExactly(
                        tuple("kluis:token-endpoint", "ClientSecretVerify", "FORBIDDEN"),
                        tuple("kluis:token-endpoint", "ClientSecretVerify", "Success"));
    }

    @Test
    void who_may_see_the_seals_audit_sees_that_of_tokens() {
        post(secret(SECRET));
        post(form("mallory", "client_secret", "x"));
        String path = "/tokens/audit?operation=TokenIssue&object=clients/mallory";
        var auditor = Api.as(operator, ns, "auditor");
        assertThat(auditor.get(path).status()).isEqualTo(403);
        operator.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("auditor-" + ns)
                        .withNamespace(operator.namespace())
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("kluis.dev")
                        .withResources("seals")
                        .withVerbs("get")
                        .endRule()
                        .build())
                .create();
        operator.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("auditor-" + ns)
                        .withNamespace(operator.namespace())
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "auditor-" + ns)
                        .addNewSubject("", "ServiceAccount", "auditor", ns)
                        .build())
                .create();
        var lines = auditor.get(path).body().path("value");
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line.path("resourceId").asText()).isEqualTo("tokens");
            assertThat(line.path("resultType").asText()).isEqualTo("INVALID_CLIENT");
            assertThat(line.path("identity").path("name").asText()).isEqualTo("kluis:anonymous");
        });
    }

    @Test
    void secrets_cannot_be_guessed_often_and_the_client_is_not_shut_out_elsewhere() throws Exception {
        // From this moment on, wherever other tests were.
        operator.later(Duration.ofHours(1), () -> {
            for (int i = 0; i < Guesses.OF_ADDRESS; i++) {
                var refused = post(secret("wrong-" + i + "-of-some-length"));
                assertThat(refused.status()).as("guess %s", i).isEqualTo(401);
            }
            for (var form : List.of(secret("wrong-again-of-some-length"), secret(SECRET))) {
                var slowed = post(form);
                assertThat(slowed.status()).isEqualTo(429);
                assertThat(slowed.body().path("error").asText()).isEqualTo("slow_down");
                assertThat(slowed.body().path("error_description").asText()).contains("too many wrong secrets");
                assertThat(Integer.parseInt(slowed.response()
                                .headers()
                                .firstValue("Retry-After")
                                .orElseThrow()))
                        .isBetween(30, 60);
            }
            assertThat(Elsewhere.post(operator, HOST, "/adfs/oauth2/token", secret(SECRET)))
                    .contains("HTTP/1.1 200", "access_token");
        });
        assertThat(audit())
                .filteredOn(record ->
                        record.target().equals(KEPT) && record.operation().equals("ClientSecretVerify"))
                .as("what comes too often is not looked at")
                .hasSize(Guesses.OF_ADDRESS + 1);
        operator.later(
                Duration.ofHours(1).plusSeconds(61),
                () -> assertThat(post(secret(SECRET)).status()).isEqualTo(200));
    }
}
