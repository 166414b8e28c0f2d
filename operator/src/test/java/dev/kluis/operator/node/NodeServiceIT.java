package dev.kluis.operator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.ObjectRef;
import dev.kluis.wire.node.ObjectType;
import dev.kluis.wire.node.Vault;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fetch over TLS with tokens that the API server issued. */
class NodeServiceIT {

    private static final long HOUR = 3600;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("node");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private TestNode node;
    private Pod pod;

    @BeforeEach
    void start() {
        node = new TestNode(operator);
        operator.awaitReady(operator.vault(ns, vault));
        operator.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("source")
                        .withNamespace(ns)
                        .endMetadata()
                        .withStringData(Map.of("k", "the value"))
                        .build())
                .create();
        operator.awaitReady(operator.secret(
                ns, "db", "vaultRef: {name: " + vault + "}\nsource: {secretKeyRef: {name: source, key: k}}"));
        account("api");
        operator.awaitReady(
                operator.assignment(
                        ns,
                        "api",
                        "vaultRef: {name: " + vault
                                + "}\nrole: Secrets User\nsubjects: [{kind: ServiceAccount, name: api}]\nscope: {secrets: [db]}"));
        pod = node.pod(ns, "pod", "api");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void account(String name) {
        operator.client()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(ns)
                        .endMetadata()
                        .build())
                .create();
    }

    private String token(String account, String audience, Pod bound, long seconds) {
        var builder =
                new TokenRequestBuilder().withNewSpec().withAudiences(audience).withExpirationSeconds(seconds);
        if (bound != null) {
            builder.withNewBoundObjectRef()
                    .withKind("Pod")
                    .withApiVersion("v1")
                    .withName(bound.getMetadata().getName())
                    .withUid(bound.getMetadata().getUid())
                    .endBoundObjectRef();
        }
        TokenRequest issued = operator.client()
                .serviceAccounts()
                .inNamespace(ns)
                .withName(account)
                .tokenRequest(builder.endSpec().build());
        return issued.getStatus().getToken();
    }

    private FetchRequest.Builder request(String token) {
        return FetchRequest.newBuilder()
                .setToken(token)
                .setPod(TestNode.told(pod))
                .setVault(Vault.newBuilder().setNamespace(ns).setName(vault))
                .addObjects(ObjectRef.newBuilder().setType(ObjectType.SECRET).setName("db"));
    }

    private FetchResponse fetch(FetchRequest.Builder request) {
        return node.fetch(request.build());
    }

    private void refused(FetchRequest.Builder request, String... texts) {
        var thrown = assertThatThrownBy(() -> fetch(request));
        for (String text : texts) {
            thrown.hasMessageContaining(text);
        }
        thrown.hasMessageNotContaining("the value").hasMessageNotContaining("eyJ");
    }

    private void refusedFor(UnaryOperator<dev.kluis.wire.node.Pod.Builder> lie, String text) {
        var request = request(token("api", "kluis", pod, HOUR));
        request.setPod(lie.apply(request.getPod().toBuilder()));
        refused(request, "UNAUTHENTICATED", text);
    }

    @Test
    void a_pod_gets_what_its_account_may_read_and_hears_unchanged_for_what_it_holds() {
        var request = request(token("api", "kluis", pod, HOUR));
        var first = fetch(request);
        assertThat(first.getObjects(0).getValue().toStringUtf8()).isEqualTo("the value");
        assertThat(first.getOfflineSeconds()).isZero();

        request.getObjectsBuilder(0).setHeld(first.getObjects(0).getVersion());
        var second = fetch(request);
        assertThat(second.getObjects(0).getUnchanged()).isTrue();
        assertThat(second.getObjects(0).getVersion())
                .isEqualTo(first.getObjects(0).getVersion());
    }

    @Test
    void attack_14_a_token_of_another_audience_is_refused() {
        refused(
                request(token("api", "vault", pod, HOUR)),
                "UNAUTHENTICATED",
                "the token is for another audience than 'kluis'");
    }

    @Test
    void attack_14_an_expired_token_is_refused() {
        var request = request(token("api", "kluis", pod, HOUR));
        operator.later(Duration.ofHours(2), () -> refused(request, "UNAUTHENTICATED", "the token has expired"));
    }

    @Test
    void attack_14_a_token_of_a_deleted_account_is_refused() {
        account("gone");
        var doomed = node.pod(ns, "doomed", "gone");
        String token = token("gone", "kluis", doomed, HOUR);
        operator.client().serviceAccounts().inNamespace(ns).withName("gone").delete();

        refused(request(token), "UNAUTHENTICATED", "its ServiceAccount or pod is gone");
    }

    @Test
    void a_token_that_is_bound_to_no_pod_is_refused() {
        refused(request(token("api", "kluis", null, HOUR)), "UNAUTHENTICATED", "is not bound to pod");
    }

    @Test
    void attack_14_a_token_of_another_pod_or_node_or_account_is_refused() {
        var other = node.pod(ns, "other", "api");
        refused(request(token("api", "kluis", other, HOUR)), "UNAUTHENTICATED", "is not bound to pod " + ns + "/pod");
        refusedFor(one -> one.setNode("node-2"), "on node node-2");
        refusedFor(one -> one.setUid("another"), "is not bound");
        refusedFor(one -> one.setNamespace("another"), "is not bound to pod another/pod");
        refusedFor(one -> one.setServiceAccount("another"), "is not bound");
    }

    @Test
    void attack_14_what_is_no_token_is_refused_without_asking_anybody() {
        refused(request(""), "UNAUTHENTICATED", "spec.tokenRequests");
        refused(request("x"), "UNAUTHENTICATED", "this is not a ServiceAccount token");
        refused(request("a.b.c"), "UNAUTHENTICATED", "this is not a ServiceAccount token");
        refused(request("x".repeat(16 * 1024 + 1)), "UNAUTHENTICATED", "longer than");
        String forged = "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"aud\":\"kluis\",\"exp\":99999999999}".getBytes(StandardCharsets.UTF_8))
                + ".c2ln";
        refused(request(forged), "UNAUTHENTICATED", "the cluster does not accept the token");
    }

    @Test
    void what_is_not_there_and_what_is_not_allowed_read_alike() {
        operator.awaitReady(operator.secret(ns, "secret", "vaultRef: {name: " + vault + "}\nsource: {generate: {}}"));
        String token = token("api", "kluis", pod, HOUR);
        var there = request(token);
        there.getObjectsBuilder(0).setName("secret");
        var absent = request(token);
        absent.getObjectsBuilder(0).setName("absent");

        String one = messageOf(there);
        assertThat(one)
                .contains("PERMISSION_DENIED")
                .contains("system:serviceaccount:" + ns + ":api")
                .contains("'Secrets User'");
        assertThat(messageOf(absent)).isEqualTo(one.replace("secrets/secret", "secrets/absent"));
    }

    private String messageOf(FetchRequest.Builder request) {
        try {
            fetch(request);
            return "nothing thrown";
        } catch (io.grpc.StatusRuntimeException e) {
            return e.getMessage();
        }
    }

    @Test
    void a_pod_that_fetched_is_told_of_every_new_version_even_before_it_took_the_one_before() {
        fetch(request(token("api", "kluis", pod, HOUR)));
        var told = new CopyOnWriteArrayList<String>();
        try (var watch = operator.client().resource(pod).watch(refreshes(told))) {
            for (int version = 2; version <= 4; version++) {
                int expected = version;
                var secret = operator.client()
                        .resources(VaultSecret.class)
                        .inNamespace(ns)
                        .withName("db")
                        .get();
                operator.annotate(secret, "kluis.dev/rotate", String.valueOf(version));
                var rotated = operator.awaitStatus(secret, now -> now.getStatus().versions == expected);

                // The first attempt for this version, not a later one for the version before.
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> told.contains(rotated.getStatus().currentVersion + "-0"));
            }
        }
    }

    private static Watcher<Pod> refreshes(List<String> told) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                told.add(pod.getMetadata().getAnnotations().getOrDefault(Push.ANNOTATION, ""));
            }

            @Override
            public void onClose(WatcherException cause) {
                // The test ends it.
            }
        };
    }

    /** Revocation holds on the connection that is open and for the token that was reviewed, as soon as the watch tells of it. */
    @Test
    void attack_13_an_assignment_that_is_taken_away_ends_access_on_open_connections_within_a_second() {
        var request = request(token("api", "kluis", pod, HOUR));
        fetch(request);
        assignments().withName("api").delete();

        awaitRefused(request);
    }

    @Test
    void attack_13_a_narrower_scope_an_earlier_end_and_another_role_are_revocations_too() {
        var request = request(token("api", "kluis", pod, HOUR));
        for (String less : List.of(
                "role: Secrets User\nscope: {secrets: [other]}",
                "role: Secrets User\nexpires: 2020-01-01T00:00:00Z",
                "role: Reader",
                "role: not-there")) {
            operator.assignment(ns, "api", given("role: Secrets User"));
            await().atMost(SECOND).until(() -> messageOf(request).equals("nothing thrown"));
            operator.assignment(ns, "api", given(less));
            awaitRefused(request);
        }
    }

    @Test
    void attack_13_a_rotation_that_was_pending_does_not_reach_who_lost_access() {
        var request = request(token("api", "kluis", pod, HOUR));
        request.getObjectsBuilder(0).setHeld(fetch(request).getObjects(0).getVersion());
        assignments().withName("api").delete();
        awaitRefused(request);
        var secret = operator.client()
                .resources(VaultSecret.class)
                .inNamespace(ns)
                .withName("db")
                .get();
        operator.annotate(secret, "kluis.dev/rotate", "2");
        operator.awaitStatus(secret, now -> now.getStatus().versions == 2);

        // What the push makes the kubelet ask.
        assertThat(messageOf(request)).contains("PERMISSION_DENIED");
    }

    private String given(String more) {
        return "vaultRef: {name: " + vault + "}\nsubjects: [{kind: ServiceAccount, name: api}]\n" + more;
    }

    private NonNamespaceOperation<
                    AccessAssignment, KubernetesResourceList<AccessAssignment>, Resource<AccessAssignment>>
            assignments() {
        return operator.client().resources(AccessAssignment.class).inNamespace(ns);
    }

    private void awaitRefused(FetchRequest.Builder request) {
        await().atMost(SECOND)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> messageOf(request).contains("PERMISSION_DENIED"));
    }

    @Test
    void a_request_beyond_its_limits_is_refused() {
        String token = token("api", "kluis", pod, HOUR);
        refused(request(token).clearObjects(), "INVALID_ARGUMENT", "1 to 256 objects");
        var many = request(token).clearObjects();
        for (int i = 0; i < 257; i++) {
            many.addObjects(ObjectRef.newBuilder().setType(ObjectType.SECRET).setName("s" + i));
        }
        refused(many, "INVALID_ARGUMENT", "1 to 256 objects");
        var bad = request(token);
        bad.getObjectsBuilder(0).setName("a/b");
        refused(bad, "INVALID_ARGUMENT");
        var version = request(token);
        version.getObjectsBuilder(0).setVersion("latest");
        refused(version, "INVALID_ARGUMENT", "32 lower-case hex");
        var type = request(token);
        type.getObjectsBuilder(0).setTypeValue(7);
        refused(type, "INVALID_ARGUMENT", "the type of an object is SECRET or KEY");
        refused(
                request(token)
                        .addObjects(ObjectRef.newBuilder()
                                .setType(ObjectType.SECRET)
                                .setName("db")),
                "INVALID_ARGUMENT",
                "named twice");
    }

    @Test
    void every_fetch_is_in_the_audit_with_the_assignment_that_allowed_it_and_no_value() {
        fetch(request(token("api", "kluis", pod, HOUR)));

        assertThat(operator.audit())
                .filteredOn(line -> line.operation().equals("SecretGet")
                        && line.target().toString().equals(ns + "/" + vault + "/secrets/db"))
                .isNotEmpty()
                .allSatisfy(line -> {
                    assertThat(line.result().type()).isEqualTo("Success");
                    assertThat(line.toString()).contains(ns + "/api").doesNotContain("the value");
                });
    }
}
