package dev.kluis.operator.host;

import static dev.kluis.operator.TestOperator.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.identity.AuthorityPublication;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the cluster's DNS comes to know vaults, and clients the authority. */
class HostServicesIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("hosts");
    private final String name = "h" + ns.substring(ns.length() - 8);

    private Service service(String of) {
        return operator.client()
                .services()
                .inNamespace(HostServices.NAMESPACE)
                .withName(of)
                .get();
    }

    private Vault vault() {
        return operator.awaitReady(operator.apply(Vault.class, ns, """
                        apiVersion: kluis.dev/v1alpha1
                        kind: Vault
                        metadata: {name: %s}
                        spec: {retention: P7D}
                        """.formatted(name)));
    }

    @Test
    void a_vault_and_the_token_endpoint_have_a_service_that_points_to_the_api_and_tells_no_namespace() {
        vault();
        await().until(() -> service(HostServices.LOGIN) != null);
        for (String of : List.of(name, HostServices.LOGIN)) {
            var service = service(of);
            assertThat(service.getSpec().getType()).isEqualTo("ExternalName");
            assertThat(service.getSpec().getExternalName()).isEqualTo(TestOperator.API_HOST);
            service.getMetadata().setManagedFields(null);
            assertThat(operator.client().getKubernetesSerialization().asJson(service))
                    .doesNotContain(ns);
        }
    }

    @Test
    void a_service_that_was_taken_away_or_changed_is_mended() {
        vault();
        operator.client().resource(service(name)).delete();
        await().atMost(Duration.ofSeconds(20)).until(() -> service(name) != null);
        operator.client()
                .services()
                .inNamespace(HostServices.NAMESPACE)
                .withName(name)
                .edit(one -> new ServiceBuilder(one)
                        .editSpec()
                        .withExternalName("elsewhere.example.com")
                        .endSpec()
                        .build());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service(name).getSpec().getExternalName().equals(TestOperator.API_HOST));
    }

    @Test
    void a_service_of_another_is_left_and_the_vault_says_why_it_has_no_host() {
        operator.client()
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(HostServices.NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withType("ExternalName")
                        .withExternalName("theirs.example.com")
                        .endSpec()
                        .build())
                .create();
        var vault = operator.awaitReason(operator.vault(ns, name), "Conflict");
        assertThat(message(vault)).contains("Service", "take the Service away");
        assertThat(service(name).getSpec().getExternalName()).isEqualTo("theirs.example.com");

        operator.client().resource(service(name)).delete();
        operator.awaitReady(vault);
        assertThat(service(name).getSpec().getExternalName()).isEqualTo(TestOperator.API_HOST);
    }

    @Test
    void the_host_is_held_as_long_as_the_deleted_vault_and_no_longer() {
        operator.delete(vault());
        var engine = operator.kluis().vault().orElseThrow();
        var id = ObjectId.vault(new VaultId(ns, name));
        await().until(() -> engine.summary(id)
                .filter(one -> one.lifecycle() instanceof Lifecycle.Deleted)
                .isPresent());
        try (var hosts = new HostServices(operator.client(), TestOperator.API_HOST)) {
            var held = engine.vaults().stream().map(VaultId::name).toList();
            await().until(() -> hosts.state(name) == HostState.THERE);
            operator.client().resource(service(name)).delete();
            await("it is made again, though no resource declares it").untilAsserted(() -> {
                hosts.align(held);
                assertThat(service(name)).isNotNull();
            });

            hosts.align(held.stream().filter(one -> !one.equals(name)).toList());
            await().untilAsserted(() -> {
                hosts.align(held.stream().filter(one -> !one.equals(name)).toList());
                assertThat(service(name)).isNull();
            });
            assertThat(service(HostServices.LOGIN)).isNotNull();
        }
    }

    @Test
    void the_authority_is_published_where_clients_find_it() {
        for (String namespace : List.of(HostServices.NAMESPACE, "default")) {
            await().untilAsserted(() -> assertThat(operator.client()
                            .configMaps()
                            .inNamespace(namespace)
                            .withName(AuthorityPublication.NAME)
                            .get())
                    .isNotNull()
                    .extracting(map -> map.getData().get(CertificateAuthority.CERTIFICATE_FIELD))
                    .isEqualTo(Api.authority(operator)));
        }
        await().untilAsserted(() -> assertThat(operator.client()
                        .genericKubernetesResources("certificates.k8s.io/v1", "ClusterTrustBundle")
                        .withName(AuthorityPublication.NAME)
                        .get())
                .isNotNull()
                .extracting(bundle -> bundle.get("spec", "trustBundle").toString())
                .isEqualTo(Api.authority(operator)));
    }
}
