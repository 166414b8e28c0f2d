package dev.kluis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A value that is planted in every path is found nowhere but in the file and in the tenant's own Secret. */
class CanaryIT {

    private static final Path NODE_LOGS = Path.of("/var/lib/kluis-cluster/logs");

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("canary");
    private final String canary = "canary" + UUID.randomUUID().toString().replace("-", "");

    @AfterEach
    void clean() {
        cluster.client().namespaces().withName(ns).delete();
    }

    @Test
    void attack_09_a_value_is_in_no_log_event_status_metric_or_audit_line() throws IOException {
        cluster.vault(ns, ns, "{offline: PT1H}");
        succeed();
        fail();

        var places = new TreeMap<String, String>();
        places.put("log and audit of the operator", cluster.logs("kluis-operator"));
        places.put("log of the provider", cluster.logs("kluis-csi-provider"));
        places.put("metrics of the operator", cluster.proxied("kluis-operator", 8080, "/metrics"));
        places.put("events", cluster.client().getKubernetesSerialization().asJson(cluster.events(ns)));
        for (String kind : List.of("Vault", "VaultSecret", "AccessAssignment")) {
            places.put(
                    kind,
                    cluster.client()
                            .getKubernetesSerialization()
                            .asJson(cluster.client()
                                    .genericKubernetesResources("kluis.dev/v1alpha1", kind)
                                    .inNamespace(ns)
                                    .list()));
        }
        for (String kind : List.of("Record", "Content")) {
            places.put(
                    kind,
                    cluster.client()
                            .getKubernetesSerialization()
                            .asJson(cluster.client()
                                    .genericKubernetesResources("store.kluis.dev/v1", kind)
                                    .inNamespace(Cluster.SYSTEM)
                                    .list()));
        }
        places.put(
                "pods and mounted versions",
                cluster.client()
                        .getKubernetesSerialization()
                        .asJson(List.of(
                                cluster.client().pods().inNamespace(ns).list(),
                                cluster.client()
                                        .genericKubernetesResources(
                                                "secrets-store.csi.x-k8s.io/v1", "SecretProviderClassPodStatus")
                                        .inNamespace(ns)
                                        .list())));
        try (var logs = Files.list(NODE_LOGS)) {
            for (var log : logs.toList()) {
                places.put(
                        "log of " + log.getFileName(),
                        Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(places.get("log and audit of the operator")).contains("\"AuditEvent\"");
        assertThat(leaks(places)).isEmpty();
    }

    /** Imported, mounted, rotated, mounted without the operator. */
    private void succeed() {
        cluster.imported(ns, ns, "value", canary);
        cluster.awaitReady("VaultSecret", ns, "value");
        cluster.serviceAccount(ns, "api");
        cluster.assign(ns, ns, "api", "value", "encoded");
        cluster.providerClass(ns, "files", ns, "value");
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitRunning(ns, "api");
        assertThat(cluster.file(ns, "api", "value")).isEqualTo(canary);
        cluster.secret(ns, "value", canary + "-second");
        cluster.annotate("VaultSecret", ns, "value", "kluis.dev/rotate", "1");
        cluster.awaitFile(ns, "api", "value", canary + "-second");
        cluster.stopOperator();
        try {
            cluster.pod(ns, "offline", "api", "files");
            cluster.awaitRunning(ns, "offline");
        } finally {
            cluster.startOperator();
        }
    }

    /** Too long, of a wrong encoding, not allowed, and killed. */
    private void fail() {
        cluster.imported(ns, ns, "too-long", canary.repeat(800));
        cluster.awaitCondition("VaultSecret", ns, "too-long", "Stalled", "True");
        cluster.imported(ns, ns, "encoded", "%" + canary);
        cluster.awaitReady("VaultSecret", ns, "encoded");
        cluster.providerClassOf(ns, "encoded", ns, "[{objectName: encoded, objectType: secret, objectEncoding: hex}]");
        cluster.pod(ns, "encoded", "api", "encoded");
        cluster.awaitEvent(ns, "encoded", "is not hex");
        cluster.serviceAccount(ns, "stranger");
        cluster.pod(ns, "stranger", "stranger", "files");
        cluster.awaitEvent(ns, "stranger", "may not");
        Cluster.killOperator();
        await().atMost(Cluster.LIMIT)
                .until(() -> cluster.operatorPods().stream().noneMatch(Cluster::running));
        cluster.awaitOperator();
    }

    private List<String> leaks(Map<String, String> places) {
        byte[] bytes = canary.getBytes(UTF_8);
        var forms = List.of(
                canary,
                // Without the ends, which depend on what is beside it.
                Base64.getEncoder().withoutPadding().encodeToString(bytes).substring(4, 36),
                HexFormat.of().formatHex(bytes));
        var found = new ArrayList<String>();
        places.forEach((place, text) -> {
            if (forms.stream().anyMatch(text::contains)) {
                found.add(place);
            }
            // A token's header and the beginning of its claims.
            if (text.contains("eyJhbGciOi")) {
                found.add(place + " (a token)");
            }
        });
        return found;
    }
}
