package dev.kluis.testkit;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real API server with etcd behind it and Kluis's definitions in it: in general one per test JVM, started by the first test
 * that asks. It has no controllers and no nodes. Where its programs are is told by the environment of kube-api-test
 * ({@code KUBE_API_TEST_DIR} and its like), which {@code make test} sets.
 */
public final class ApiServer {

    private static final int START_LIMIT_MILLIS = 120_000;
    private static final List<String> DEFINITIONS = List.of(
            "vaults.kluis.dev",
            "vaultsecrets.kluis.dev",
            "vaultkeys.kluis.dev",
            "accessassignments.kluis.dev",
            "vaultroles.kluis.dev",
            "records.store.kluis.dev",
            "contents.store.kluis.dev");

    private final OidcIssuer issuer = OidcIssuer.start();
    private final String kubeconfig;
    private final Config config;
    private final KubernetesClient client;

    private ApiServer() {
        var server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withStartupTimeout(START_LIMIT_MILLIS)
                .withUpdateKubeConfig(false)
                .withWaitForEtcdHealthCheckOnStartup(false)
                // Given here since kube-api-test 7.5 cannot read the boolean from the environment itself.
                .withApiServerFlags(authentication())
                .withOfflineMode(Boolean.parseBoolean(System.getenv("KUBE_API_TEST_OFFLINE_MODE")))
                .build());
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        kubeconfig = server.getKubeConfigYaml();
        config = Config.fromKubeconfig(kubeconfig);
        client = new KubernetesClientBuilder().withConfig(config).build();
        installDefinitions();
    }

    /** Users by OpenID Connect: the API server reviews their tokens for its own audiences only. */
    private List<String> authentication() {
        try {
            return List.of(
                    "--authentication-config=" + issuer.configuration(),
                    "--api-audiences=https://kubernetes.default.svc.cluster.local,kluis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whose users it knows, with {@value OidcIssuer#PREFIX} before their names. */
    public OidcIssuer issuer() {
        return issuer;
    }

    private static final class Shared {
        static final ApiServer SERVER = new ApiServer();
    }

    /** The server of this JVM. */
    public static ApiServer shared() {
        return Shared.SERVER;
    }

    /** Another one beside it, for what concerns two clusters; it runs until the JVM ends. */
    public static ApiServer another() {
        return new ApiServer();
    }

    /** A client that may do everything. */
    public KubernetesClient client() {
        return client;
    }

    /** A client that may do what this user may, which the caller closes. */
    public KubernetesClient clientAs(String user, String... groups) {
        var as = new ConfigBuilder(config)
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
        return new KubernetesClientBuilder().withConfig(as).build();
    }

    /** The same for another process, as YAML. */
    public String kubeconfig() {
        return kubeconfig;
    }

    /** What a client needs to reach the server as its administrator. */
    public Config config() {
        return new ConfigBuilder(config).build();
    }

    /** Makes a namespace that no other test has, and gives its name. */
    public String newNamespace(String prefix) {
        String name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** While its etcd says that its space is used up something is done; then it has space again. */
    public void whileFull(Runnable work) {
        alarm("ACTIVATE");
        try {
            work.run();
        } finally {
            alarm("DEACTIVATE");
        }
    }

    /** As etcd does by itself when its quota is used up: what writes is refused, all else is done. */
    private void alarm(String action) {
        var request = HttpRequest.newBuilder(URI.create(etcd() + "/v3/maintenance/alarm"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"" + action + "\",\"alarm\":\"NOSPACE\"}"))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200 || !response.body().contains("NOSPACE")) {
                throw new IllegalStateException("etcd did not do it: " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where the API server's etcd is, which only its arguments tell. */
    private String etcd() {
        String port = String.valueOf(URI.create(config.getMasterUrl()).getPort());
        return ProcessHandle.current()
                .descendants()
                .map(process -> List.of(process.info().arguments().orElse(new String[0])))
                .filter(arguments ->
                        valueOf("--secure-port", arguments).filter(port::equals).isPresent())
                .flatMap(arguments -> valueOf("--etcd-servers", arguments).stream())
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> valueOf(String flag, List<String> arguments) {
        int at = arguments.indexOf(flag);
        return at < 0 ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    private void installDefinitions() {
        for (String name : DEFINITIONS) {
            try (InputStream yaml = ApiServer.class.getResourceAsStream("/crds/" + name + "-v1.yml")) {
                CustomResourceDefinition definition = client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .load(yaml)
                        .item();
                client.resource(definition).serverSideApply();
                client.resource(definition)
                        .waitUntilCondition(
                                ApiServer::established, Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
                awaitListed(definition);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For a moment after it is established the API server's cache of a kind is being made, and who asks is turned away. */
    private void awaitListed(CustomResourceDefinition definition) {
        var kind = CustomResourceDefinitionContext.fromCrd(definition);
        var fromCache = new ListOptionsBuilder().withResourceVersion("0").build();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .until(() ->
                        client.genericKubernetesResources(kind).inAnyNamespace().list(fromCache) != null);
    }

    private static boolean established(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }
}
