package dev.kluis.operator.identity;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where clients find the certificate of Kluis's authority: in the ConfigMap {@value #NAME}, key {@code ca.crt}, of some
 * namespaces, and as the ClusterTrustBundle {@value #NAME} where the cluster serves those.
 */
public final class AuthorityPublication {

    /** Of the ConfigMaps and of the bundle. */
    public static final String NAME = "kluis-ca";

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityPublication.class);
    private static final String GROUP = "certificates.k8s.io/";
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");
    private static final String BUNDLES = "clustertrustbundles";

    /**
     * @param namespaces in which there is to be a ConfigMap
     * @param clusterTrustBundle whether there is to be a bundle where the cluster serves them
     */
    public record Settings(List<String> namespaces, boolean clusterTrustBundle) {
        public Settings {
            namespaces = List.copyOf(namespaces);
        }
    }

    private final KubernetesClient client;
    private final Settings settings;
    private final String certificate;

    public AuthorityPublication(KubernetesClient client, Settings settings, CertificateAuthority authority) {
        this.client = client;
        this.settings = settings;
        this.certificate = authority.certificate();
    }

    /** Has it everywhere; what cannot be written is logged, and the others are written all the same. */
    public void publish() {
        settings.namespaces()
                .forEach(namespace -> apply("the ConfigMap in namespace " + namespace, configMap(namespace)));
        if (settings.clusterTrustBundle()) {
            servedBundles().ifPresent(version -> apply("the ClusterTrustBundle", bundle(version)));
        }
    }

    private void apply(String what, HasMetadata object) {
        try {
            client.resource(object)
                    .forceConflicts()
                    .fieldManager("kluis-operator")
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            LOG.warn("{} that publishes Kluis's authority cannot be written now: {}", what, e.getMessage());
        }
    }

    private HasMetadata configMap(String namespace) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of(CertificateAuthority.CERTIFICATE_FIELD, certificate))
                .build();
    }

    private GenericKubernetesResource bundle(String version) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(GROUP + version)
                .withKind("ClusterTrustBundle")
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("trustBundle", certificate))
                .build();
    }

    private Optional<String> servedBundles() {
        try {
            return VERSIONS.stream().filter(this::serves).findFirst();
        } catch (KubernetesClientException e) {
            LOG.warn("The cluster does not tell now whether it serves ClusterTrustBundles: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private boolean serves(String version) {
        var served = client.getApiResources(GROUP + version);
        return served != null
                && served.getResources().stream()
                        .anyMatch(resource -> resource.getName().equals(BUNDLES));
    }
}
