package dev.kluis.operator.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.operator.token.ExternalClients.Client;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiConfigTest {

    @Test
    void the_hosts_of_vaults_point_to_the_apis_service_in_the_clusters_domain() {
        var api = ApiConfig.of(KluisConfigTest.config(
                Map.of("kluis.api.domains", "vault.example.com,vault.svc.home.arpa", "kluis.namespace", "kluis")));
        assertThat(api.hostTarget()).contains("kluis-operator-api.kluis.svc.home.arpa");
        assertThat(api.names())
                .contains(
                        "*.vault.example.com",
                        "*.vault.svc.home.arpa",
                        "kluis-operator-api.kluis.svc.home.arpa",
                        "localhost");
        assertThat(api.authority().namespaces()).containsExactly("vault");
    }

    @Test
    void without_a_domain_of_the_cluster_there_are_no_services_and_the_authority_goes_where_it_is_asked_for() {
        var api = ApiConfig.of(KluisConfigTest.config(
                Map.of("kluis.api.domains", "vault.example.com", "kluis.authority.namespaces", "payments,checkout")));
        assertThat(api.hostTarget()).isEmpty();
        assertThat(api.authority().namespaces()).containsExactly("payments", "checkout");
    }

    @Test
    void the_token_endpoint_exchanges_tokens_for_kluis_and_others_when_it_is_asked_to() {
        var quiet = ApiConfig.of(KluisConfigTest.config(Map.of())).tokens();
        assertThat(quiet.tenant()).isEqualTo("adfs");
        assertThat(quiet.assertionAudiences()).containsExactly("kluis");
        assertThat(quiet.clients()).isEmpty();

        var open = ApiConfig.of(KluisConfigTest.config(
                        Map.of("kluis.api.federation", "true", "kluis.api.clients", "ci=a/abc/s,CD=a/abc/t")))
                .tokens();
        assertThat(open.assertionAudiences()).containsExactly("kluis", "api://AzureADTokenExchange");
        assertThat(open.clients())
                .containsExactly(
                        new Client("ci", ObjectId.secret(new VaultId("a", "abc"), "s")),
                        new Client("cd", ObjectId.secret(new VaultId("a", "abc"), "t")));
        assertThatThrownBy(() -> ApiConfig.of(KluisConfigTest.config(Map.of("kluis.api.clients", "ci=a/abc"))))
                .hasMessageContaining("ID=NAMESPACE/VAULT/SECRET");
    }
}
