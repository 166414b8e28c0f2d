package dev.kluis.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart by Helm's own library: what it refuses, and what it renders. */
class ChartTest {

    private static final Path RELEASED = Path.of("src/test/resources/released");

    @TempDir
    static Path folder;

    private static Chart chart;

    @BeforeAll
    static void copy() throws IOException {
        chart = Chart.copiedTo(folder);
    }

    private static TemplateCommand template() {
        return chart.template();
    }

    private static List<Map<String, Object>> objects(TemplateCommand command) {
        var options = new LoaderOptions();
        options.setCodePointLimit(10_000_000);
        options.setMaxAliasesForCollections(100);
        return StreamSupport.stream(
                        new Yaml(new SafeConstructor(options))
                                .loadAll(command.call())
                                .spliterator(),
                        false)
                .filter(Map.class::isInstance)
                .map(ChartTest::map)
                .toList();
    }

    private static List<Map<String, Object>> objects() {
        return objects(template());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object object) {
        return (Map<String, Object>) object;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object object) {
        return (List<Object>) object;
    }

    private static Object at(Object object, String... path) {
        for (String step : path) {
            object = object instanceof List<?> list
                    ? list.get(Integer.parseInt(step))
                    : map(object).get(step);
        }
        return object;
    }

    private static Predicate<Map<String, Object>> is(String kind, String name) {
        return object -> object.get("kind").equals(kind)
                && at(object, "metadata", "name").equals(name);
    }

    private static Map<String, Object> one(List<Map<String, Object>> objects, String kind, String name) {
        return objects.stream().filter(is(kind, name)).findFirst().orElseThrow();
    }

    private static Stream<Map<String, Object>> podSpecs() {
        return objects().stream()
                .filter(object -> List.of("Deployment", "DaemonSet").contains(object.get("kind")))
                .map(object -> map(at(object, "spec", "template", "spec")));
    }

    @Test
    void it_passes_lint_with_warnings_as_errors() {
        var result = new Helm(Chart.SOURCE).lint().strict().call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "operator.replicas, 2",
        "api.domains[0], example.com",
        "authority.namespaces[0], Payments",
        "api.tenant, a/b",
        "api.clients[0].id, a=b",
        "operator.image.pullPolicy, Sometimes",
        "provider.providersDir, relative",
        "provider.cacheBytes, -1",
        "provider.fetchTimeout, 5s",
        "polices.enabled, false",
        "audit.stdout.policy, drop",
        "audit.file.keep, 0",
        "audit.http.url, ftp://logs",
        "audit.http.url, https://user:password@logs",
        "seal.kind, pkcs11",
        "seal.keyvault.key, http://prod.vault.azure.net/keys/kluis",
        "seal.keyvault.key, https://prod.vault.azure.net/secrets/kluis",
        "seal.keyvault.key, https://user@prod.vault.azure.net/keys/kluis",
        "seal.keyvault.algorithm, RSA1_5",
        "seal.keyvault.authorityHost, https://login.example.com/path",
        "seal.keyvault.tenant, a/b",
        "seal.keyvault.clientSecret.value, canary",
        "seal.keyvault.timeout, PT61S",
        "operator.image.repository, ''"
    })
    void a_value_that_does_not_exist_or_is_not_legal_is_refused(String key, String value) {
        assertThatThrownBy(() -> template().set(key, value).call()).hasMessageContaining("schema");
    }

    private static final String ISSUER_DISCOVERY = "system:service-account-issuer-discovery";

    /** Of all roles: as role, apiGroup, resource and verb, one line each. */
    private static Stream<Right> rights() {
        return objects().stream()
                .filter(object -> List.of("Role", "ClusterRole").contains(object.get("kind")))
                .flatMap(ChartTest::rights);
    }

    private static Stream<Right> rights(Map<String, Object> role) {
        return list(role.get("rules")).stream()
                .flatMap(rule -> list(at(rule, "apiGroups")).stream()
                        .flatMap(group -> list(at(rule, "resources")).stream()
                                .flatMap(resource -> list(at(rule, "verbs")).stream()
                                        .map(verb -> new Right(
                                                role.get("kind") + "/" + at(role, "metadata", "name"),
                                                (String) group,
                                                (String) resource,
                                                (String) verb,
                                                map(rule).containsKey("resourceNames"))))));
    }

    private record Right(String role, String group, String resource, String verb, boolean named) {}

    @Test
    void attack_24_no_rule_has_a_wildcard() {
        var rules = objects().stream()
                .filter(object -> List.of("Role", "ClusterRole").contains(object.get("kind")))
                .flatMap(object -> list(object.get("rules")).stream())
                .toList();

        assertThat(rules).isNotEmpty();
        assertThat(rules.toString()).doesNotContain("*");
        assertThat(rules).allSatisfy(rule -> assertThat(map(rule)).doesNotContainKey("nonResourceURLs"));
    }

    @Test
    void attack_24_no_rule_lets_anybody_become_more_than_he_is() {
        assertThat(rights()).isNotEmpty().allSatisfy(right -> {
            assertThat(right.verb()).isNotIn("impersonate", "bind", "escalate", "deletecollection", "approve", "sign");
            assertThat(right.group())
                    .isIn(
                            "",
                            "kluis.dev",
                            "store.kluis.dev",
                            "authentication.k8s.io",
                            "authorization.k8s.io",
                            "certificates.k8s.io",
                            "coordination.k8s.io",
                            "events.k8s.io");
            assertThat(right.resource())
                    .isNotIn(
                            "serviceaccounts/token",
                            "serviceaccounts",
                            "pods/exec",
                            "pods/ephemeralcontainers",
                            "nodes/proxy",
                            "customresourcedefinitions",
                            "validatingwebhookconfigurations",
                            "mutatingwebhookconfigurations");
        });
    }

    @Test
    void attack_24_the_operator_has_in_the_whole_cluster_what_it_uses_and_no_more() {
        assertThat(rights().filter(right -> right.role().equals("ClusterRole/kluis-operator"))
                        .map(right -> right.verb() + " " + right.resource()))
                .containsExactlyInAnyOrder(
                        "get vaults",
                        "list vaults",
                        "watch vaults",
                        "get vaultsecrets",
                        "list vaultsecrets",
                        "watch vaultsecrets",
                        "get vaultkeys",
                        "list vaultkeys",
                        "watch vaultkeys",
                        "get accessassignments",
                        "list accessassignments",
                        "watch accessassignments",
                        "get vaultroles",
                        "list vaultroles",
                        "watch vaultroles",
                        "patch vaults/status",
                        "patch vaultsecrets/status",
                        "patch vaultkeys/status",
                        "patch accessassignments/status",
                        "patch vaultroles/status",
                        "create tokenreviews",
                        // A question about somebody else's rights, and no right.
                        "create subjectaccessreviews",
                        "patch pods/status",
                        "create events",
                        "get namespaces");
    }

    /** Kubernetes has the role, and it is for two paths: neither is given wider. */
    @Test
    void attack_24_the_operator_reads_the_public_keys_of_tokens_by_the_role_that_is_for_that() {
        var binding = one(objects(), "ClusterRoleBinding", "kluis-operator-issuer-discovery");
        assertThat(at(binding, "roleRef", "name")).isEqualTo(ISSUER_DISCOVERY);
        assertThat(at(binding, "subjects").toString())
                .isEqualTo("[{kind=ServiceAccount, name=kluis-operator, namespace=kluis-system}]");
    }

    @Test
    void attack_24_in_the_namespace_of_the_hosts_the_operator_makes_services_and_one_config_map() {
        assertThat(inNamespace("vault").map(right -> right.verb() + " " + right.resource() + named(right)))
                .containsExactlyInAnyOrder(
                        "get services",
                        "list services",
                        "watch services",
                        "create services",
                        "patch services",
                        "delete services",
                        "create configmaps",
                        "patch configmaps [kluis-ca]",
                        "get configmaps [kluis-ca]",
                        "list configmaps [kluis-ca]",
                        "watch configmaps [kluis-ca]");
        var everybody = one(objects(), "RoleBinding", "kluis-ca-reader");
        assertThat(at(everybody, "roleRef", "name")).isEqualTo("kluis-ca-reader");
        assertThat(at(everybody, "subjects", "0", "name")).isEqualTo("system:authenticated");
        assertThat(rights().filter(right -> right.role().equals("ClusterRole/kluis-ca-publisher"))
                        .map(right -> right.verb() + " " + right.resource() + named(right)))
                .containsExactlyInAnyOrder("create clustertrustbundles", "patch clustertrustbundles [kluis-ca]");
    }

    private static String named(Right right) {
        return right.named() ? " [kluis-ca]" : "";
    }

    private static Stream<Right> inNamespace(String namespace) {
        var roles = objects().stream()
                .filter(object ->
                        "Role".equals(object.get("kind")) && namespace.equals(at(object, "metadata", "namespace")))
                .map(object -> rights(object).toList())
                .toList();
        return roles.stream().flatMap(List::stream);
    }

    @Test
    void the_namespace_of_the_hosts_is_there_where_a_domain_is_the_clusters_own_and_is_kept() {
        assertThat(at(one(objects(), "Namespace", "vault"), "metadata", "annotations"))
                .isEqualTo(Map.of("helm.sh/resource-policy", "keep"));
        var outside = objects(template().set("api.domains[0]", "vault.example.com"));
        assertThat(outside.stream().filter(is("Namespace", "vault"))).isEmpty();
        assertThat(outside.stream()
                        .filter(object ->
                                "vault".equals(map(object.get("metadata")).get("namespace"))))
                .isEmpty();
        assertThat(operatorEnv(outside)).contains("{name=KLUIS_API_DOMAINS, value=vault.example.com}");
    }

    @Test
    void the_authority_is_copied_into_the_namespaces_that_are_named_and_no_others() {
        var objects = objects(template()
                .set("authority.namespaces[0]", "payments")
                .set("authority.namespaces[1]", "checkout")
                .set("authority.clusterTrustBundle", false));
        assertThat(objects.stream()
                        .filter(is("Role", "kluis-ca-publisher"))
                        .map(object -> at(object, "metadata", "namespace")))
                .containsExactlyInAnyOrder("vault", "payments", "checkout");
        assertThat(objects.stream().filter(is("ClusterRole", "kluis-ca-publisher")))
                .isEmpty();
        assertThat(operatorEnv(objects))
                .contains(
                        "{name=KLUIS_AUTHORITY_NAMESPACES, value=payments,checkout}",
                        "{name=KLUIS_AUTHORITY_CLUSTER_TRUST_BUNDLE, value=false}");
    }

    @Test
    void the_token_endpoint_is_told_its_tenant_and_its_clients_and_takes_no_other_audience_unasked() {
        assertThat(operatorEnv(objects()))
                .contains("{name=KLUIS_API_TENANT, value=adfs}", "{name=KLUIS_API_FEDERATION, value=false}")
                .doesNotContain("KLUIS_API_CLIENTS");
        var objects = objects(template()
                .set("api.federation", true)
                .set("api.clients[0].id", "ci")
                .set("api.clients[0].vault.namespace", "payments")
                .set("api.clients[0].vault.name", "payments")
                .set("api.clients[0].secret", "ci-client"));
        assertThat(operatorEnv(objects))
                .contains(
                        "{name=KLUIS_API_FEDERATION, value=true}",
                        "{name=KLUIS_API_CLIENTS, value=ci=payments/payments/ci-client}");
    }

    private static String operatorEnv(List<Map<String, Object>> objects) {
        return at(one(objects, "Deployment", "kluis-operator"), "spec", "template", "spec", "containers", "0", "env")
                .toString();
    }

    @Test
    void attack_24_who_may_give_access_is_bound_by_nobody_here_and_writes_no_status() {
        assertThat(rights().filter(right -> List.of("assign", "administer").contains(right.verb()))
                        .map(Right::role))
                .containsExactlyInAnyOrder(
                        "ClusterRole/kluis-administrator", "ClusterRole/kluis-data-access-administrator");
        assertThat(objects().stream()
                        .filter(object -> String.valueOf(object.get("kind")).endsWith("RoleBinding"))
                        .map(object -> at(object, "roleRef", "name")))
                .doesNotContain("kluis-administrator", "kluis-data-access-administrator", "kluis-secret-access");
    }

    @Test
    void a_cluster_without_admission_policies_is_refused() {
        assertThatThrownBy(() -> template().withKubeVersion("1.29.9").call()).hasMessageContaining(">=1.30.0-0");
    }

    @Test
    void attack_24_no_binding_gives_secrets_of_the_whole_cluster_and_no_role_aggregates() {
        var objects = objects();
        objects.stream()
                .filter(object -> object.get("kind").equals("ClusterRoleBinding"))
                .map(object -> (String) at(object, "roleRef", "name"))
                .filter(role -> !role.equals(ISSUER_DISCOVERY))
                .map(role -> one(objects, "ClusterRole", role))
                .flatMap(role -> list(role.get("rules")).stream())
                .forEach(rule -> assertThat(list(at(rule, "resources"))).doesNotContain("secrets", "pods"));
        assertThat(objects.toString()).doesNotContain("aggregate-to");
        assertThat(at(one(objects, "ClusterRole", "kluis-secret-access"), "rules")
                        .toString())
                .isEqualTo("[{apiGroups=[], resources=[secrets], verbs=[get]}]");
    }

    @Test
    void attack_24_in_its_own_namespace_the_operator_reads_two_secrets_by_name_and_writes_the_root_key() {
        var rules = list(one(objects(), "Role", "kluis-operator").get("rules"));
        rules.stream()
                .filter(rule -> list(at(rule, "resources")).contains("secrets")
                        && !list(at(rule, "verbs")).equals(List.of("create")))
                .forEach(rule -> {
                    boolean reads = list(at(rule, "verbs")).equals(List.of("get"));
                    assertThat(list(at(rule, "resourceNames")))
                            .isEqualTo(
                                    reads ? List.of("kluis-root-key", "kluis-node-ca-key") : List.of("kluis-root-key"));
                    assertThat(list(at(rule, "verbs"))).isEqualTo(List.of(reads ? "get" : "update"));
                });
    }

    @Test
    void attack_24_the_provider_has_no_token_and_no_role() {
        var objects = objects();
        assertThat(at(one(objects, "ServiceAccount", "kluis-csi-provider"), "automountServiceAccountToken"))
                .isEqualTo(false);
        assertThat(objects.stream()
                        .filter(object -> String.valueOf(object.get("kind")).endsWith("RoleBinding"))
                        .map(object -> at(object, "subjects", "0", "name")))
                .doesNotContain("kluis-csi-provider");
    }

    @Test
    void every_container_is_confined() {
        assertThat(podSpecs()).hasSize(2).allSatisfy(pod -> {
            assertThat(at(pod, "securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
            assertThat(pod).doesNotContainKeys("hostNetwork", "hostPID", "hostIPC");
            assertThat(at(pod, "enableServiceLinks")).isEqualTo(false);
            var security = map(at(pod, "containers", "0", "securityContext"));
            assertThat(security)
                    .containsEntry("allowPrivilegeEscalation", false)
                    .containsEntry("readOnlyRootFilesystem", true)
                    .containsEntry("capabilities", Map.of("drop", List.of("ALL")))
                    .doesNotContainKey("privileged");
            assertThat(at(pod, "containers", "0", "resources", "limits", "memory"))
                    .isNotNull();
        });
        var operator = map(at(one(objects(), "Deployment", "kluis-operator"), "spec", "template", "spec"));
        assertThat(at(operator, "securityContext", "runAsNonRoot")).isEqualTo(true);
    }

    @Test
    void there_is_one_operator_and_never_two_at_once() {
        var deployment = one(objects(), "Deployment", "kluis-operator");
        assertThat(at(deployment, "spec", "replicas")).isEqualTo(1);
        assertThat(at(deployment, "spec", "strategy", "type")).isEqualTo("Recreate");
    }

    @Test
    void the_definitions_are_upgraded_with_the_chart_and_kept_when_it_is_uninstalled() {
        assertThat(objects().stream().filter(object -> object.get("kind").equals("CustomResourceDefinition")))
                .hasSize(7)
                .allSatisfy(definition -> assertThat(at(definition, "metadata", "annotations"))
                        .isEqualTo(Map.of("helm.sh/resource-policy", "keep")));
    }

    @Test
    void an_image_is_named_by_tag_or_by_digest() {
        var deployment = one(
                objects(template().set("operator.image.tag", "sha256:" + "0".repeat(64))),
                "Deployment",
                "kluis-operator");
        assertThat(at(deployment, "spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo("kluis/operator@sha256:" + "0".repeat(64));
        assertThat(at(
                        one(objects(), "Deployment", "kluis-operator"),
                        "spec",
                        "template",
                        "spec",
                        "containers",
                        "0",
                        "image"))
                .isEqualTo("kluis/operator:0.1.0");
    }

    @Test
    void the_audit_goes_where_the_values_say() {
        var pod = at(
                one(
                        objects(template()
                                .set("audit.file.enabled", true)
                                .set("audit.file.volume.persistentVolumeClaim.claimName", "kluis-audit")
                                .set("audit.http.url", "https://logs.example.com/audit")
                                .set("audit.http.tokenSecret.name", "audit-token")
                                .set("audit.http.caConfigMap.name", "audit-ca")),
                        "Deployment",
                        "kluis-operator"),
                "spec",
                "template",
                "spec");
        assertThat(at(pod, "containers", "0", "env").toString())
                .contains(
                        "{name=KLUIS_AUDIT_FILE_MAX_BYTES, value=104857600}",
                        "{name=KLUIS_AUDIT_HTTP_TOKEN_FILE, value=/etc/kluis/audit-token/token}",
                        "{name=KLUIS_AUDIT_HTTP_CA_FILE, value=/etc/kluis/audit-ca/ca.crt}");
        assertThat(at(pod, "volumes").toString())
                .contains("{name=audit, persistentVolumeClaim={claimName=kluis-audit}}", "{secretName=audit-token}");
        assertThat(at(pod, "securityContext", "fsGroup")).isEqualTo(65532);

        var byDefault = at(one(objects(), "Deployment", "kluis-operator"), "spec", "template", "spec");
        assertThat(at(byDefault, "containers", "0", "env").toString())
                .contains("{name=KLUIS_AUDIT_STDOUT_POLICY, value=block}")
                .doesNotContain("AUDIT_FILE", "AUDIT_HTTP");
        assertThatThrownBy(() -> template().set("audit.file.enabled", true).call())
                .hasMessageContaining("audit.file.volume");
    }

    private static Object operatorPod(TemplateCommand command) {
        return at(one(objects(command), "Deployment", "kluis-operator"), "spec", "template", "spec");
    }

    private static TemplateCommand sealedByKeyVault() {
        return template()
                .set("seal.kind", "keyvault")
                .set("seal.keyvault.key", "https://prod.vault.azure.net/keys/kluis")
                .set("seal.keyvault.tenant", "8f1e6d1c-0000-4000-8000-1234567890ab")
                .set("seal.keyvault.clientId", "0d1e6d1c-0000-4000-8000-1234567890ab");
    }

    @Test
    void a_seal_by_a_key_vault_proves_itself_by_a_token_of_the_service_account() {
        var pod = operatorPod(sealedByKeyVault());
        assertThat(at(pod, "containers", "0", "env").toString())
                .contains(
                        "{name=KLUIS_SEAL_KIND, value=keyvault}",
                        "{name=KLUIS_SEAL_KEYVAULT_KEY, value=https://prod.vault.azure.net/keys/kluis}",
                        "{name=KLUIS_SEAL_KEYVAULT_ALGORITHM, value=RSA-OAEP-256}",
                        "{name=KLUIS_SEAL_KEYVAULT_TENANT, value=8f1e6d1c-0000-4000-8000-1234567890ab}",
                        "{name=KLUIS_SEAL_KEYVAULT_TOKEN_FILE, value=/var/run/secrets/kluis.dev/seal/token}")
                .doesNotContain("AUTHORITY_HOST", "CLIENT_SECRET", "CA_FILE");
        assertThat(at(pod, "containers", "0", "volumeMounts").toString())
                .contains("{name=seal-token, mountPath=/var/run/secrets/kluis.dev/seal, readOnly=true}");
        assertThat(at(pod, "volumes").toString())
                .contains("{serviceAccountToken={audience=api://AzureADTokenExchange, path=token,"
                        + " expirationSeconds=3600}}");
    }

    @Test
    void a_seal_by_a_key_vault_proves_itself_by_a_secret_that_is_in_a_file_only_where_one_is_given() {
        var pod = operatorPod(sealedByKeyVault()
                .set("seal.keyvault.authorityHost", "https://login.vault.example.com")
                .set("seal.keyvault.clientSecret.name", "seal-client")
                .set("seal.keyvault.caConfigMap.name", "seal-ca"));
        assertThat(at(pod, "containers", "0", "env").toString())
                .contains(
                        "{name=KLUIS_SEAL_KEYVAULT_AUTHORITY_HOST, value=https://login.vault.example.com}",
                        "{name=KLUIS_SEAL_KEYVAULT_CLIENT_SECRET_FILE, value=/etc/kluis/seal-secret/client-secret}",
                        "{name=KLUIS_SEAL_KEYVAULT_CA_FILE, value=/etc/kluis/seal-ca/ca.crt}")
                .doesNotContain("TOKEN_FILE");
        assertThat(at(pod, "volumes").toString())
                .contains("{secretName=seal-client}", "{name=seal-ca, configMap={name=seal-ca}}")
                .doesNotContain("serviceAccountToken");
    }

    @Test
    void with_another_seal_the_operator_is_told_nothing_of_a_key_vault_and_with_this_one_it_has_a_key() {
        var pod = operatorPod(template().set("seal.keyvault.key", "https://prod.vault.azure.net/keys/kluis"));
        assertThat(pod.toString())
                .contains("KLUIS_SEAL_KIND, value=kubernetes")
                .doesNotContain("KEYVAULT", "seal-token");
        assertThatThrownBy(() -> template().set("seal.kind", "keyvault").call())
                .hasMessageContaining("seal.keyvault.key");
        assertThat(operatorPod(sealedByKeyVault().set("seal.keyvault.audience", ""))
                        .toString())
                .as("a webhook of workload identity gives the token")
                .doesNotContain("seal-token", "TOKEN_FILE");
    }

    @Test
    void the_policies_can_be_left_out_and_deny_by_default() {
        var policies = objects().stream()
                .filter(object -> object.get("kind").equals("ValidatingAdmissionPolicy"))
                .toList();
        assertThat(policies)
                .hasSize(5)
                .allSatisfy(policy ->
                        assertThat(at(policy, "spec", "failurePolicy")).isEqualTo("Fail"));
        assertThat(objects(template().set("policies.enabled", false)).toString())
                .doesNotContain("ValidatingAdmissionPolicy");
    }

    /**
     * What a release had stays: an upgrade neither drops an object nor changes what cannot be changed in place. A
     * release adds a file to the folder; {@code -Dkluis.released.write=0.1.0} writes it.
     */
    @Test
    void an_upgrade_from_every_release_keeps_its_objects_and_what_is_immutable_in_them() throws IOException {
        var now = new TreeSet<>(objects().stream().map(ChartTest::identity).toList());
        String write = System.getProperty("kluis.released.write");
        if (write != null) {
            Files.createDirectories(RELEASED);
            Files.write(RELEASED.resolve(write + ".txt"), now);
        }
        try (var releases = Files.list(RELEASED)) {
            for (var release : releases.toList()) {
                assertThat(now).as("since " + release.getFileName()).containsAll(Files.readAllLines(release));
            }
        }
    }

    private static String identity(Map<String, Object> object) {
        String selector = switch ((String) object.get("kind")) {
            case "Deployment", "DaemonSet" -> " " + at(object, "spec", "selector");
            case "ClusterRoleBinding", "RoleBinding" -> " " + at(object, "roleRef");
            default -> "";
        };
        return object.get("apiVersion") + " " + object.get("kind") + " "
                + map(object.get("metadata")).getOrDefault("namespace", "-") + "/" + at(object, "metadata", "name")
                + selector;
    }
}
