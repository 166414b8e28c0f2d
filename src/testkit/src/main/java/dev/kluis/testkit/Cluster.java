package dev.kluis.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cluster that {@code make up} made, with Kluis in it. */
public final class Cluster {

    public static final String SYSTEM = "kluis-system";
    /** Of anything that a cluster does; nothing here takes a tenth of it. */
    public static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Path ROOT =
            Path.of(Optional.ofNullable(System.getenv("KLUIS_ROOT")).orElse("../.."));

    private static final Cluster SHARED = new Cluster();

    /** One that configures itself and has no token reads the kubeconfig anew for every request, once it is a minute old. */
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.autoConfigure(null))
                    .withAutoConfigure(false)
                    .build())
            .build();

    public static Cluster shared() {
        return SHARED;
    }

    public KubernetesClient client() {
        return client;
    }

    public String newNamespace(String prefix) {
        String name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        makeNamespace(name);
        return name;
    }

    public void makeNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
        await().atMost(LIMIT)
                .until(() -> client.serviceAccounts()
                                .inNamespace(name)
                                .withName("default")
                                .get()
                        != null);
    }

    public void deleteNamespace(String name) {
        client.namespaces().withName(name).delete();
        await().atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> client.namespaces().withName(name).get() == null);
    }

    /** Applies YAML documents as a user's GitOps tool does. */
    public void apply(String namespace, String yaml) {
        client.load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).items().forEach(item -> {
            item.getMetadata().setNamespace(namespace);
            apply(item);
        });
    }

    private void apply(HasMetadata item) {
        client.resource(item)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("e2e")
                        .withForce(true)
                        .build());
    }

    public GenericKubernetesResource get(String kind, String namespace, String name) {
        return client.genericKubernetesResources("kluis.dev/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    public void delete(String kind, String namespace, String name) {
        client.genericKubernetesResources("kluis.dev/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .delete();
        await().atMost(LIMIT).pollInterval(POLL).until(() -> get(kind, namespace, name) == null);
    }

    public void annotate(String kind, String namespace, String name, String key, String value) {
        client.genericKubernetesResources("kluis.dev/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(key, value));
    }

    public void awaitReady(String kind, String namespace, String name) {
        awaitCondition(kind, namespace, name, "Ready", "True");
    }

    /** Waits for a condition of the current generation and gives its message. */
    public String awaitCondition(String kind, String namespace, String name, String type, String status) {
        return await(kind + " " + name + " " + type + "=" + status)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> condition(get(kind, namespace, name), type, status), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<String> condition(
            @Nullable GenericKubernetesResource resource, String type, String status) {
        if (resource == null
                || !(resource.getAdditionalProperties().get("status") instanceof Map<?, ?> shown)
                || !(shown.get("conditions") instanceof List<?> conditions)
                || !(shown.get("observedGeneration") instanceof Number observed)
                || observed.longValue() != resource.getMetadata().getGeneration()) {
            return Optional.empty();
        }
        return conditions.stream()
                .filter(one -> one instanceof Map<?, ?> fields
                        && type.equals(fields.get("type"))
                        && status.equals(fields.get("status")))
                .map(one -> String.valueOf(((Map<?, ?>) one).get("message")))
                .findFirst();
    }

    /** A field of a status, such as {@code currentVersion}; null where it is absent. */
    public @Nullable Object status(String kind, String namespace, String name, String field) {
        return get(kind, namespace, name).getAdditionalProperties().get("status") instanceof Map<?, ?> shown
                ? shown.get(field)
                : null;
    }

    public void vault(String namespace, String name, String spec) {
        apply(namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec));
        awaitReady("Vault", namespace, name);
    }

    public void generated(String namespace, String vault, String name) {
        apply(namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: %s}
                spec:
                  vaultRef: {name: %s}
                  source: {generate: {length: 24}}
                """.formatted(name, vault));
    }

    /** A value of ours, through a Kubernetes Secret and the tenant's consent. */
    public void imported(String namespace, String vault, String name, String value) {
        allowImport(namespace);
        secret(namespace, name, value);
        importOf(namespace, vault, name);
    }

    public void secret(String namespace, String name, String value) {
        apply(namespace, """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                stringData: {value: "%s"}
                """.formatted(name, value));
    }

    public void importOf(String namespace, String vault, String name) {
        apply(namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultSecret
                metadata: {name: %1$s}
                spec:
                  vaultRef: {name: %2$s}
                  source: {secretKeyRef: {name: %1$s, key: value}}
                """.formatted(name, vault));
    }

    public void allowImport(String namespace) {
        apply(namespace, """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: kluis-secret-access}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kluis-secret-access}
                subjects: [{kind: ServiceAccount, name: kluis-operator, namespace: kluis-system}]
                """);
    }

    public void serviceAccount(String namespace, String name) {
        apply(namespace, """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %s}
                """.formatted(name));
    }

    /** Lets a ServiceAccount of the vault's namespace read named secrets. */
    public void assign(String namespace, String vault, String account, String... secrets) {
        apply(namespace, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: %1$s-reads}
                spec:
                  vaultRef: {name: %2$s}
                  role: Secrets User
                  subjects: [{kind: ServiceAccount, name: %1$s}]
                  scope: {secrets: [%3$s]}
                """.formatted(account, vault, String.join(", ", secrets)));
        awaitReady("AccessAssignment", namespace, account + "-reads");
    }

    /** A SecretProviderClass for plain names of secrets. */
    public void providerClass(String namespace, String name, String vault, String... secrets) {
        var objects = List.of(secrets).stream()
                .map(secret -> "{objectName: " + secret + ", objectType: secret}")
                .collect(Collectors.joining(", ", "[", "]"));
        providerClassOf(namespace, name, vault, objects);
    }

    public void providerClassOf(String namespace, String name, String vault, String objects) {
        apply(namespace, """
                apiVersion: secrets-store.csi.x-k8s.io/v1
                kind: SecretProviderClass
                metadata: {name: %s}
                spec:
                  provider: kluis
                  parameters:
                    keyvaultName: %s
                    objects: |
                      %s
                """.formatted(name, vault, objects.indent(6).strip()));
    }

    /** A pod that sleeps with the class's files in /secrets. */
    public void pod(String namespace, String name, String account, String providerClass) {
        apply(namespace, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  serviceAccountName: %s
                  terminationGracePeriodSeconds: 0
                  containers:
                    - name: main
                      image: busybox:1
                      imagePullPolicy: IfNotPresent
                      command: [sleep, infinity]
                      volumeMounts: [{name: secrets, mountPath: /secrets, readOnly: true}]
                  volumes:
                    - name: secrets
                      csi:
                        driver: secrets-store.csi.k8s.io
                        readOnly: true
                        volumeAttributes: {secretProviderClass: %s}
                """.formatted(name, account, providerClass));
    }

    public void awaitRunning(String namespace, String pod) {
        await("running " + pod)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> Optional.ofNullable(client.pods()
                                .inNamespace(namespace)
                                .withName(pod)
                                .get())
                        .filter(Cluster::running)
                        .isPresent());
    }

    public static boolean running(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase())
                && pod.getStatus().getContainerStatuses().stream().allMatch(container -> container.getReady());
    }

    public String file(String namespace, String pod, String path) {
        return exec(namespace, pod, "cat", "/secrets/" + path);
    }

    public String exec(String namespace, String pod, String... command) {
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        try (var running = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .writingOutput(out)
                .writingError(errors)
                .exec(command)) {
            running.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return out.toString(UTF_8) + errors.toString(UTF_8);
        } catch (Exception e) {
            throw new IllegalStateException("exec in " + pod, e);
        }
    }

    public void awaitFile(String namespace, String pod, String path, String content) {
        await("file " + path)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> file(namespace, pod, path).equals(content));
    }

    /** Waits until an event of a pod holds all of these texts, and gives it. */
    public String awaitEvent(String namespace, String pod, String... texts) {
        return await("event of " + pod)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(
                        () -> events(namespace).stream()
                                .filter(event ->
                                        event.getInvolvedObject().getName().equals(pod))
                                .map(Event::getMessage)
                                .filter(message -> List.of(texts).stream().allMatch(message::contains))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    public List<Event> events(String namespace) {
        return client.v1().events().inNamespace(namespace).list().getItems();
    }

    // The operator.

    public void awaitOperator() {
        await("operator")
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> operatorPods().stream()
                        .anyMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null && running(pod)));
    }

    public List<Pod> operatorPods() {
        return client.pods()
                .inNamespace(SYSTEM)
                .withLabel("app.kubernetes.io/name", "kluis-operator")
                .list()
                .getItems();
    }

    public void stopOperator() {
        scaleOperator(0);
        await("no operator")
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> operatorPods().isEmpty());
    }

    public void startOperator() {
        scaleOperator(1);
        awaitOperator();
    }

    private void scaleOperator(int replicas) {
        client.apps()
                .deployments()
                .inNamespace(SYSTEM)
                .withName("kluis-operator")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":" + replicas + "}}");
    }

    /** kill -9, on the node. */
    public static void killOperator() {
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("/kluis/quarkus-run.jar"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    public String logs(String labelValue) {
        return client
                .pods()
                .inNamespace(SYSTEM)
                .withLabel("app.kubernetes.io/name", labelValue)
                .list()
                .getItems()
                .stream()
                .map(pod -> client.pods()
                        .inNamespace(SYSTEM)
                        .withName(pod.getMetadata().getName())
                        .getLog())
                .collect(Collectors.joining("\n"));
    }

    /** What a GET on a port of a pod of Kluis answers, through the API server. */
    public String proxied(String labelValue, int port, String path) {
        String pod = client.pods()
                .inNamespace(SYSTEM)
                .withLabel("app.kubernetes.io/name", labelValue)
                .list()
                .getItems()
                .getFirst()
                .getMetadata()
                .getName();
        return client.raw("/api/v1/namespaces/" + SYSTEM + "/pods/" + pod + ":" + port + "/proxy" + path);
    }

    /** Of a file of the checkout. */
    public static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    /** Runs a program of the checkout's .kluis/bin or one of its scripts. */
    public static String run(String... command) {
        try {
            var all = new ArrayList<>(List.of(command));
            all.set(0, ROOT.resolve(command[0]).toAbsolutePath().normalize().toString());
            var process = new ProcessBuilder(all)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
