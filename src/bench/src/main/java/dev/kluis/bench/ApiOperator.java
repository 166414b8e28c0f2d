package dev.kluis.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.testkit.ApiServer;
import dev.kluis.testkit.Trust;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The operator as its image has it, with the JVM and the options of the image, on a processor of its own: against an API
 * server that no cluster is around, audited to files, with one vault.
 */
final class ApiOperator implements AutoCloseable {

    static final String NAMESPACE = "kluis-system";
    /** The vault's own. */
    static final String HOST = "bench.vault.svc.cluster.local";

    private static final String LOGIN = "login.vault.svc.cluster.local";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long HOUR = 3600;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** In mounts of its own: $1 is the image's root, $2 a folder of this machine, $3 the processor. */
    private static final String START = """
            mkdir -p "$1/proc" "$1/dev" "$1/tmp"
            mount -t proc proc "$1/proc"
            mount --bind "$2" "$1/tmp"
            for device in random urandom null; do touch "$1/dev/$device"; mount --bind /dev/$device "$1/dev/$device"; done
            exec taskset -c "$3" chroot "$1" /jre/bin/java @/kluis/jvm.options -jar /kluis/quarkus-run.jar
            """;

    private final ApiServer cluster = ApiServer.shared();
    private final String namespace;
    private final Path folder;
    private final int port;
    private final Process process;
    private final SSLContext trusted;

    /** @param root the checkout, whose images were made */
    ApiOperator(Path root) throws IOException, InterruptedException {
        var image = root.resolve("operator/target/image-root");
        if (!Files.isExecutable(image.resolve("jre/bin/java"))) {
            throw new IllegalStateException("there is no " + image + " with its runtime: run deploy/images");
        }
        Files.createDirectories(root.resolve("target/bench"));
        folder = Files.createTempDirectory(root.resolve("target/bench"), "operator");
        makeNamespace(NAMESPACE);
        makeNamespace("vault");
        Files.writeString(folder.resolve("kubeconfig"), kubeconfig(systemToken()));
        Files.createDirectory(folder.resolve("audit"));
        namespace = cluster.newNamespace("bench");
        port = freePort();
        int http = freePort();
        process = start(image, http);
        try {
            trusted = awaitReady(http);
            apply(Vault.class, "bench", "{}");
        } catch (RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    /** Trust in the authority that it makes at its first start. */
    private SSLContext awaitReady(int http) {
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> ready(http));
        var published = client().configMaps()
                .inNamespace(NAMESPACE)
                .withName("kluis-node-ca")
                .get();
        return Trust.in(Objects.requireNonNull(published.getData().get("ca.crt")));
    }

    private Process start(Path image, int http) throws IOException {
        var builder = new ProcessBuilder(
                "unshare", "--mount", "sh", "-ec", START, "sh", image.toString(), folder.toString(), Cores.SERVER);
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("operator.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "KUBECONFIG", "/tmp/kubeconfig",
                        "QUARKUS_HTTP_PORT", String.valueOf(http),
                        "KLUIS_NODE_PORT", String.valueOf(freePort()),
                        "KLUIS_API_PORT", String.valueOf(port),
                        "KLUIS_LEADER_ELECTION_IDENTITY", "bench",
                        "KLUIS_AUDIT_STDOUT_ENABLED", "false",
                        "KLUIS_AUDIT_FILE_ENABLED", "true",
                        "KLUIS_AUDIT_FILE_FOLDER", "/tmp/audit"));
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean ready(int http) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the operator ended: " + folder.resolve("operator.log") + " tells why");
        }
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + http + "/health/ready"))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        }
    }

    KubernetesClient client() {
        return cluster.client();
    }

    String newNamespace(String prefix) {
        return cluster.newNamespace(prefix);
    }

    LinuxProcess process() {
        return new LinuxProcess(process.toHandle());
    }

    HttpsConnection connect() throws IOException {
        return new HttpsConnection(trusted, HOST, port);
    }

    /** What requests of a ServiceAccount have in their heads, which may do everything in the vault. */
    String headAs(String account) throws IOException {
        apply(
                AccessAssignment.class,
                account,
                "{vaultRef: {name: bench}, role: Administrator, subjects: [{kind: ServiceAccount, name: " + account
                        + "}]}");
        return "Host: " + HOST + "\r\nUser-Agent: kluis-bench\r\nAuthorization: Bearer " + accessToken(account)
                + "\r\nContent-Type: application/json\r\n";
    }

    /** By the token endpoint, as Azure's clients get theirs. */
    private String accessToken(String account) throws IOException {
        var form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                account,
                "resource",
                "https://vault.svc.cluster.local",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                assertion(account));
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        try (var connection = new HttpsConnection(trusted, LOGIN, port)) {
            var answer = connection.ask(HttpsConnection.request(
                    "POST",
                    "/adfs/oauth2/token",
                    "Host: " + LOGIN + "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                    body));
            if (answer.status() != 200) {
                throw new IllegalStateException("no access token: " + answer.body());
            }
            return JSON.readTree(answer.body()).required("access_token").asText();
        }
    }

    private String assertion(String account) {
        return token(namespace, account, "kluis");
    }

    /** As in a pod: with a certificate the client would behave differently. */
    private String systemToken() {
        String account = "kluis-operator";
        client().resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                        .addNewSubject("", "ServiceAccount", account, NAMESPACE)
                        .build())
                .serverSideApply();
        return token(NAMESPACE, account);
    }

    private String kubeconfig(String token) throws IOException {
        var config = cluster.config();
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: bench, cluster: {server: "%s", certificate-authority-data: "%s"}}]
                users: [{name: operator, user: {token: "%s"}}]
                contexts: [{name: bench, context: {cluster: bench, user: operator}}]
                current-context: bench
                """.formatted(
                        config.getMasterUrl(),
                        Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(config.getCaCertFile()))),
                        token);
    }

    /** A client that is for the API server who the operator is. */
    KubernetesClient another() {
        String token = systemToken();
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(cluster.config())
                        .withClientCertFile(null)
                        .withClientKeyFile(null)
                        .withOauthTokenProvider(() -> token)
                        .build())
                .build();
    }

    private String token(String in, String account, String... audiences) {
        client().resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(in)
                        .endMetadata()
                        .build())
                .serverSideApply();
        return client().serviceAccounts()
                .inNamespace(in)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audiences)
                        .withExpirationSeconds(2 * HOUR)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private void makeNamespace(String name) {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    /** Applies a resource and waits until the operator has done what it says. */
    private <R extends HasMetadata> void apply(Class<R> type, String name, String spec) {
        var resource = client().getKubernetesSerialization()
                .unmarshal(
                        "apiVersion: kluis.dev/v1alpha1\nkind: %s\nmetadata: {name: %s, namespace: %s}\nspec: %s\n"
                                .formatted(type.getSimpleName(), name, namespace, spec),
                        type);
        client().resource(resource).serverSideApply();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> ready(client().genericKubernetesResources("kluis.dev/v1alpha1", type.getSimpleName())
                        .inNamespace(namespace)
                        .withName(name)
                        .get()
                        .getAdditionalProperties()
                        .get("status")));
    }

    private static boolean ready(@Nullable Object status) {
        return JSON.valueToTree(status)
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        process.waitFor();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
