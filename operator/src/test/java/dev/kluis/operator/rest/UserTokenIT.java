package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.testkit.OidcIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** People, by the tokens of an OpenID Connect issuer that the API server trusts. */
class UserTokenIT {

    private final TestOperator operator = TestOperator.shared();
    private final OidcIssuer issuer = ApiServer.shared().issuer();
    private final String ns = ApiServer.shared().newNamespace("users");
    private final String vault = "u" + ns.substring(ns.length() - 8);
    private final Instant hour = Instant.now().plusSeconds(3600);

    private int read(String token) {
        return Api.with(operator, token)
                .get("/vaults/" + ns + "/" + vault + "/secrets/s")
                .status();
    }

    @Test
    void a_user_is_who_his_token_says_with_the_groups_that_it_says() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.awaitReady(operator.secret(ns, "s", "vaultRef: {name: " + vault + "}\nsource: {generate: {}}"));
        operator.awaitReady(operator.assignment(
                ns,
                "people",
                "vaultRef: {name: " + vault + "}\nrole: Secrets User\n"
                        + "subjects: [{kind: Group, name: \"oidc:admins\"}, {kind: User, name: \"oidc:alice\"}]"));
        // The API server fetches the issuer's keys in the background.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> read(issuer.token("alice", List.of(), "kluis", hour)) == 200);

        assertThat(read(issuer.token("bob", List.of("admins"), "kluis", hour))).isEqualTo(200);
        assertThat(read(issuer.token("bob", List.of("others"), "kluis", hour))).isEqualTo(403);
        assertThat(read(issuer.token("mallory", List.of(), "kluis", hour))).isEqualTo(403);
    }

    @Test
    void attack_14_a_users_token_for_another_audience_an_old_one_and_a_forged_one_prove_nothing() {
        assertThat(read(issuer.token("alice", List.of("admins"), "another", hour)))
                .isEqualTo(401);
        assertThat(read(issuer.token(
                        "alice", List.of("admins"), "kluis", Instant.now().minusSeconds(1))))
                .isEqualTo(401);
        assertThat(read(issuer.forgedToken("alice", List.of("admins"), "kluis", hour)))
                .isEqualTo(401);
        String good = issuer.token("alice", List.of("admins"), "kluis", hour);
        assertThat(read(good.substring(0, good.lastIndexOf('.') + 1))).isEqualTo(401);
    }
}
