package dev.kluis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A program written for Azure Key Vault in a pod, which is told by environment variables alone where Kluis is, as
 * docs/how-to/from-azure.md says.
 */
class AzureProgramIT {

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("azure");
    private final String vault = ns;

    @BeforeEach
    void makeVault() {
        cluster.vault(ns, vault, "{}");
        cluster.serviceAccount(ns, "program");
        String authority = cluster.client()
                .configMaps()
                .inNamespace("vault")
                .withName("kluis-ca")
                .get()
                .getData()
                .get("ca.crt");
        cluster.apply(ns, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: kluis-ca}
                data:
                  ca.crt: |
                    %s
                """.formatted(authority.indent(4).strip()));
    }

    @AfterEach
    void clean() {
        cluster.client().namespaces().withName(ns).delete();
    }

    private void assign() {
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: program}
                spec:
                  vaultRef: {name: %s}
                  role: Administrator
                  subjects: [{kind: ServiceAccount, name: program}]
                """.formatted(vault));
        cluster.awaitReady("AccessAssignment", ns, "program");
    }

    /** @param authority where the volume has the certificate of Kluis's authority from */
    private void run(String audience, String authority) throws IOException {
        String tag =
                Files.readString(Cluster.path("src/e2e/target/jib-image.tag")).strip();
        cluster.apply(ns, """
                apiVersion: v1
                kind: Pod
                metadata: {name: program}
                spec:
                  serviceAccountName: program
                  automountServiceAccountToken: false
                  restartPolicy: Never
                  initContainers:
                    - name: trust
                      image: kluis/e2e:%1$s
                      command: [/jre/bin/keytool]
                      args:
                        [-importcert, -noprompt, -alias, kluis, -file, /var/run/kluis/ca.crt,
                         -keystore, /trust/trust.p12, -storepass, changeit]
                      volumeMounts:
                        - {name: kluis, mountPath: /var/run/kluis, readOnly: true}
                        - {name: trust, mountPath: /trust}
                  containers:
                    - name: main
                      image: kluis/e2e:%1$s
                      env:
                        - {name: VAULT_URL, value: "https://%2$s.vault.svc.cluster.local"}
                        - {name: AZURE_AUTHORITY_HOST, value: "https://login.vault.svc.cluster.local/"}
                        - {name: AZURE_TENANT_ID, value: adfs}
                        - {name: AZURE_CLIENT_ID, value: any}
                        - {name: AZURE_FEDERATED_TOKEN_FILE, value: /var/run/kluis/token}
                        - name: JAVA_TOOL_OPTIONS
                          value: >-
                            -Djavax.net.ssl.trustStore=/trust/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit
                      volumeMounts:
                        - {name: kluis, mountPath: /var/run/kluis, readOnly: true}
                        - {name: trust, mountPath: /trust, readOnly: true}
                  volumes:
                    - name: trust
                      emptyDir: {}
                    - name: kluis
                      projected:
                        sources:
                          - serviceAccountToken: {audience: "%3$s", path: token, expirationSeconds: 3600}
                          - %4$s
                """.formatted(tag, vault, audience, authority));
    }

    private String awaitPhase(String wanted) {
        var pod = cluster.client().pods().inNamespace(ns).withName("program");
        String phase = await("the program ends")
                .atMost(Cluster.LIMIT)
                .until(() -> pod.get().getStatus().getPhase(), List.of("Succeeded", "Failed")::contains);
        boolean started = pod.get()
                        .getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                != null;
        String log = pod.inContainer(started ? "main" : "trust").getLog();
        assertThat(phase).as(log).isEqualTo(wanted);
        return log;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kluis | configMap: {name: kluis-ca}",
                "api://AzureADTokenExchange | clusterTrustBundle: {name: kluis-ca, path: ca.crt}"
            })
    void it_does_everything_with_secrets_and_keys_at_old_and_new_versions_of_the_api(String audience, String authority)
            throws Exception {
        assign();
        run(audience, authority);
        assertThat(awaitPhase("Succeeded").lines())
                .endsWith(
                        "secrets at 7.3",
                        "keys at 7.3",
                        "secrets at 7.6",
                        "keys at 7.6",
                        "secrets at 2025-07-01",
                        "keys at 2025-07-01",
                        "done");
    }

    @Test
    void without_an_assignment_it_is_told_that_it_may_not() throws Exception {
        run("kluis", "configMap: {name: kluis-ca}");
        assertThat(awaitPhase("Failed")).contains("ForbiddenByRbac");
    }
}
