package dev.kluis.operator.wiring;

import static org.assertj.core.api.Assertions.assertThat;

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
}
