package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.vault.VaultId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster of a kubeconfig, asked as its user. */
final class Cluster {

    static final String AUDIENCE = "kluis";

    private static final String AUTHORITY = "kluis-node-ca";
    private static final String AUDIT_KEYS = "kluis-audit-keys";
    private static final long TOKEN_SECONDS = 600;

    private final @Nullable Path kubeconfig;
    private final @Nullable String context;
    private @Nullable KubernetesClient client;

    Cluster(@Nullable Path kubeconfig, @Nullable String context) {
        this.kubeconfig = kubeconfig;
        this.context = context;
    }

    /** The namespace of the kubeconfig's context. */
    String namespace() {
        String namespace = client().getNamespace();
        return namespace == null ? "default" : namespace;
    }

    KubernetesClient client() {
        var known = client;
        if (known == null) {
            known = new KubernetesClientBuilder().withConfig(config()).build();
            client = known;
        }
        return known;
    }

    private Config config() {
        if (kubeconfig == null) {
            return Config.autoConfigure(context);
        }
        return Config.fromKubeconfig(context, kubeconfig.toFile());
    }

    /** A token of a ServiceAccount for Kluis, for ten minutes, which is the least that the API server gives. */
    String token(String namespace, String name) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(AUDIENCE)
                .withExpirationSeconds(TOKEN_SECONDS)
                .endSpec()
                .build();
        return ask(
                () -> client().serviceAccounts()
                        .inNamespace(namespace)
                        .withName(name)
                        .tokenRequest(request)
                        .getStatus()
                        .getToken(),
                "a token of ServiceAccount " + namespace + "/" + name,
                "create on serviceaccounts/token");
    }

    /** The certificate of Kluis's authority, PEM. */
    String authority(String namespace) {
        var map = ask(
                () -> client().configMaps()
                        .inNamespace(namespace)
                        .withName(AUTHORITY)
                        .get(),
                "the ConfigMap " + AUTHORITY + " in namespace " + namespace,
                "get on configmaps; --ca-file does without");
        if (map == null) {
            throw new CommandException(
                    Exit.UNREACHABLE,
                    "there is no Kluis in namespace " + namespace + " (no ConfigMap " + AUTHORITY
                            + "): --operator-namespace says where it is");
        }
        return map.getData().getOrDefault("ca.crt", "");
    }

    /** The recipient text of the key that values for a vault are sealed to. */
    String sealingKey(VaultId vault) {
        var found = ask(
                () -> client().genericKubernetesResources("kluis.dev/v1alpha1", "Vault")
                        .inNamespace(vault.namespace())
                        .withName(vault.name())
                        .get(),
                "the Vault " + vault.name() + " in namespace " + vault.namespace(),
                "get on vaults.kluis.dev; --recipient does without");
        if (found == null) {
            throw new CommandException(
                    Exit.NOT_FOUND, "there is no Vault " + vault.name() + " in namespace " + vault.namespace());
        }
        String recipient = found.get("status", "sealingKey", "recipient");
        if (recipient == null) {
            throw new CommandException(
                    Exit.CONFLICT, "the Vault " + vault.name() + " has no key yet: wait until it is ready");
        }
        return recipient;
    }

    /** The public keys of the audit's checkpoints, by their ids. */
    Map<String, String> auditKeys(String namespace) {
        var map = ask(
                () -> client().configMaps()
                        .inNamespace(namespace)
                        .withName(AUDIT_KEYS)
                        .get(),
                "the ConfigMap " + AUDIT_KEYS + " in namespace " + namespace,
                "get on configmaps; --keys does without");
        if (map == null || map.getData() == null) {
            throw new CommandException(
                    Exit.NOT_FOUND, "there is no ConfigMap " + AUDIT_KEYS + " in namespace " + namespace);
        }
        return map.getData();
    }

    /** The Vault resources of a namespace. */
    List<JsonNode> vaults(String namespace) {
        return json(ask(
                () -> resources().inNamespace(namespace).list().getItems(),
                "the vaults of namespace " + namespace,
                "list on vaults.kluis.dev"));
    }

    /** Those of all namespaces. */
    List<JsonNode> vaults() {
        return json(ask(
                () -> resources().inAnyNamespace().list().getItems(),
                "the vaults of all namespaces",
                "list on vaults.kluis.dev in the whole cluster"));
    }

    JsonNode vault(String namespace, String name) {
        var vault = ask(
                () -> resources().inNamespace(namespace).withName(name).get(),
                "the vault " + namespace + "/" + name,
                "get on vaults.kluis.dev");
        if (vault == null) {
            throw new CommandException(
                    Exit.NOT_FOUND,
                    "there is no vault '" + name + "' in namespace '" + namespace + "': -n says which, and 'kluis vault"
                            + " list -A' lists all");
        }
        return json(List.of(vault)).getFirst();
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources() {
        return client().genericKubernetesResources("kluis.dev/v1alpha1", "Vault");
    }

    private List<JsonNode> json(List<GenericKubernetesResource> resources) {
        return resources.stream()
                .<JsonNode>map(one -> client().getKubernetesSerialization().convertValue(one, JsonNode.class))
                .toList();
    }

    /** A way to the operator's API through the API server. */
    Forward forward(String namespace) {
        var pods = ask(
                () -> client().pods()
                        .inNamespace(namespace)
                        .withLabel("app.kubernetes.io/name", "kluis-operator")
                        .list()
                        .getItems(),
                "the operator's pods in namespace " + namespace,
                "list on pods; --server does without");
        var pod = pods.stream()
                .filter(one -> "Running".equals(one.getStatus().getPhase()))
                .max(Comparator.comparing(Cluster::ready))
                .orElseThrow(() -> new CommandException(
                        Exit.UNREACHABLE,
                        "no pod of the operator runs in namespace " + namespace + ": kubectl -n " + namespace
                                + " get pods tells more"));
        int port = pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(one -> "api".equals(one.getName()))
                .map(one -> one.getContainerPort())
                .findFirst()
                .orElseThrow(
                        () -> new CommandException(Exit.UNREACHABLE, "this operator has no API: it is an older one"));
        return new Forward(ask(
                () -> client().pods()
                        .inNamespace(namespace)
                        .withName(pod.getMetadata().getName())
                        .portForward(port, InetAddress.getLoopbackAddress(), 0),
                "a port-forward to " + pod.getMetadata().getName(),
                "create on pods/portforward; --server does without"));
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(one -> "Ready".equals(one.getType()) && "True".equals(one.getStatus()));
    }

    /** A port of this host that leads to the operator. */
    record Forward(LocalPortForward forward) implements AutoCloseable {

        int port() {
            return forward.getLocalPort();
        }

        @Override
        public void close() {
            try {
                forward.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static <T> T ask(Supplier<T> call, String what, String right) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw switch (e.getCode()) {
                case 401 ->
                    new CommandException(Exit.REFUSED, "the cluster does not accept the kubeconfig's user for " + what);
                case 403 ->
                    new CommandException(
                            Exit.REFUSED, "the kubeconfig's user may not have " + what + ": it takes " + right);
                case 404 -> new CommandException(Exit.NOT_FOUND, "there is no such thing: " + what);
                default ->
                    new CommandException(
                            Exit.UNREACHABLE,
                            "the cluster does not give " + what
                                    + ": is the kubeconfig right, and its API server there?");
            };
        }
    }
}
