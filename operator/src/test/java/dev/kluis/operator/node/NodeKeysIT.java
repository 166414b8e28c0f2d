package dev.kluis.operator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.ObjectRef;
import dev.kluis.wire.node.ObjectType;
import dev.kluis.wire.node.Vault;
import io.fabric8.kubernetes.api.model.Pod;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetch of keys over TLS with tokens that the API server issued: a pod gets the public part and nothing else. */
class NodeKeysIT {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----\n";
    private static final String END = "\n-----END PUBLIC KEY-----\n";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("nodekeys");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String base = "/vaults/" + ns + "/" + vault;
    private TestNode node;
    private Api officer;
    private Pod pod;
    private String token;

    @BeforeEach
    void start() {
        node = new TestNode(operator);
        operator.awaitReady(operator.vault(ns, vault));
        assign("officer", "role: Administrator");
        assign("api", "role: Crypto User\nscope: {keys: [signer, aes]}");
        officer = Api.as(operator, ns, "officer");
        Api.token(operator, ns, "api", Api.TokenAudience.KLUIS); // makes the account
        pod = node.pod(ns, "pod", "api");
        token = Api.podToken(operator, pod, "api");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void assign(String account, String what) {
        operator.awaitReady(operator.assignment(
                ns,
                account,
                "vaultRef: {name: " + vault + "}\nsubjects: [{kind: ServiceAccount, name: " + account + "}]\n" + what));
    }

    private JsonNode done(String method, String path, String body) {
        var answer = officer.send(method, base + path, body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode create(String name, String body) {
        return done("POST", "/keys/" + name + "/create", body).path("key");
    }

    private static String version(JsonNode key) {
        String kid = key.path("kid").asText();
        return kid.substring(kid.lastIndexOf('/') + 1);
    }

    private static ObjectRef.Builder key(String name) {
        return ObjectRef.newBuilder().setType(ObjectType.KEY).setName(name);
    }

    private FetchResponse fetch(ObjectRef.Builder... objects) {
        var request = FetchRequest.newBuilder()
                .setToken(token)
                .setPod(TestNode.told(pod))
                .setVault(Vault.newBuilder().setNamespace(ns).setName(vault));
        for (var object : objects) {
            request.addObjects(object);
        }
        return node.fetch(request.build());
    }

    private String messageOf(ObjectRef.Builder... objects) {
        try {
            fetch(objects);
            return "nothing thrown";
        } catch (StatusRuntimeException e) {
            return e.getMessage();
        }
    }

    private String pem(ObjectRef.Builder object) {
        return fetch(object).getObjects(0).getValue().toStringUtf8();
    }

    private static PublicKey read(String pem, String algorithm) throws GeneralSecurityException {
        assertThat(pem).startsWith(BEGIN).endsWith(END);
        byte[] der = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    }

    private static BigInteger number(JsonNode member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(member.asText()));
    }

    @Test
    void the_public_part_of_an_rsa_key_is_what_a_pod_gets_and_then_hears_unchanged() throws Exception {
        var made = create("signer", "{\"kty\":\"RSA\",\"key_size\":2048}");
        var got = fetch(key("Signer")).getObjects(0);

        var read = (RSAPublicKey) read(got.getValue().toStringUtf8(), "RSA");
        assertThat(read.getModulus()).isEqualTo(number(made.path("n")));
        assertThat(read.getPublicExponent()).isEqualTo(number(made.path("e")));
        assertThat(got.getVersion()).isEqualTo(version(made));
        var again = fetch(key("signer").setHeld(got.getVersion())).getObjects(0);
        assertThat(again.getUnchanged()).isTrue();
        assertThat(again.getVersion()).isEqualTo(got.getVersion());
        var other = fetch(key("signer").setHeld("0".repeat(32))).getObjects(0);
        assertThat(other.getValue()).isEqualTo(got.getValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521"})
    void the_public_part_of_a_key_on_a_curve_is_its_point(String curve) throws Exception {
        var made = create("signer", "{\"kty\":\"EC\",\"crv\":\"" + curve + "\"}");

        var point = ((ECPublicKey) read(pem(key("signer")), "EC")).getW();
        assertThat(point.getAffineX()).isEqualTo(number(made.path("x")));
        assertThat(point.getAffineY()).isEqualTo(number(made.path("y")));
    }

    @Test
    void a_rotated_key_is_a_new_file_and_its_old_version_stays_to_be_had() {
        var first = create("signer", "{\"kty\":\"EC\"}");
        String before = pem(key("signer"));
        var second = done("POST", "/keys/signer/rotate", "").path("key");

        // The push, before any kubelet asks by itself.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> refresh().filter((version(second) + "-0")::equals).isPresent());
        var now = fetch(key("signer").setHeld(version(first))).getObjects(0);
        assertThat(now.getVersion()).isEqualTo(version(second));
        assertThat(now.getValue().toStringUtf8()).startsWith(BEGIN).isNotEqualTo(before);
        assertThat(pem(key("signer").setVersion(version(first)))).isEqualTo(before);
    }

    private Optional<String> refresh() {
        var now = operator.client().resource(pod).get();
        return Optional.ofNullable(now.getMetadata().getAnnotations()).map(all -> all.get(Push.ANNOTATION));
    }

    @Test
    void a_symmetric_key_has_no_public_part_and_the_refusal_says_which_key_that_is() {
        var made = create("aes", "{\"kty\":\"oct\",\"key_size\":256}");
        for (var reference : new ObjectRef.Builder[] {key("aes"), key("aes").setHeld(version(made))}) {
            assertThat(messageOf(reference))
                    .contains("FAILED_PRECONDITION")
                    .contains(ns + "/" + vault + "/keys/aes is a symmetric key (oct)")
                    .contains("no public part");
        }
    }

    @Test
    void what_is_not_there_and_what_is_not_allowed_read_alike_whatever_kind_of_key_it_is() {
        create("other", "{\"kty\":\"oct\",\"key_size\":256}");

        String one = messageOf(key("other"));
        assertThat(one)
                .contains("PERMISSION_DENIED")
                .contains("system:serviceaccount:" + ns + ":api")
                .contains("keys/read")
                .contains("'Reader'");
        assertThat(messageOf(key("absent"))).isEqualTo(one.replace("keys/other", "keys/absent"));
    }

    @Test
    void a_key_that_may_be_read_and_is_not_there_or_was_deleted_is_not_found() {
        assertThat(messageOf(key("signer"))).contains("NOT_FOUND").contains("keys/signer");
        create("signer", "{\"kty\":\"EC\"}");
        assertThat(messageOf(key("signer").setVersion("0".repeat(32)))).contains("NOT_FOUND");
        done("DELETE", "/keys/signer", "");
        assertThat(messageOf(key("signer"))).contains("NOT_FOUND").contains("keys/signer");
    }

    @Test
    void a_disabled_key_is_shown_as_it_is_to_whoever_reads_it() {
        create("signer", "{\"kty\":\"EC\"}");
        String before = pem(key("signer"));
        done("PATCH", "/keys/signer", "{\"attributes\":{\"enabled\":false}}");
        assertThat(pem(key("signer"))).isEqualTo(before);
    }

    @Test
    void a_right_to_a_key_is_none_to_the_secret_of_its_name_and_the_other_way_round() {
        create("signer", "{\"kty\":\"EC\"}");
        done("PUT", "/secrets/signer", "{\"value\":\"swordfish\"}");
        var secret = ObjectRef.newBuilder().setType(ObjectType.SECRET).setName("signer");
        assertThat(messageOf(key("signer"), secret))
                .contains("PERMISSION_DENIED")
                .contains("secrets/signer")
                .doesNotContain("swordfish");

        assign("api", "role: Secrets User\nscope: {secrets: [signer]}");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> messageOf(secret).equals("nothing thrown")
                        && messageOf(key("signer")).contains("PERMISSION_DENIED"));
        operator.awaitReady(operator.assignment(
                ns,
                "both",
                "vaultRef: {name: " + vault
                        + "}\nrole: Reader\nsubjects: [{kind: ServiceAccount, name: api}]\nscope: {keys: [signer]}"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> messageOf(key("signer")).equals("nothing thrown"));
        var both = fetch(key("signer"), secret);
        assertThat(both.getObjects(0).getValue().toStringUtf8()).startsWith(BEGIN);
        assertThat(both.getObjects(1).getValue().toStringUtf8()).isEqualTo("swordfish");
    }

    @Test
    void a_request_for_keys_beyond_its_limits_is_refused() {
        assertThatThrownBy(() -> fetch(key("a/b"))).hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> fetch(key(""))).hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> fetch(key("signer").setVersion("latest"))).hasMessageContaining("32 lower-case hex");
        assertThatThrownBy(() -> fetch(key("signer").setHeld("x"))).hasMessageContaining("32 lower-case hex");
        assertThatThrownBy(() -> fetch(key("signer"), key("signer"))).hasMessageContaining("named twice");
        assertThatThrownBy(() -> fetch(key("signer").setType(ObjectType.OBJECT_TYPE_UNSPECIFIED)))
                .hasMessageContaining("the type of an object is SECRET or KEY");
    }

    @Test
    void every_fetch_of_a_key_is_in_the_audit_as_a_read_of_the_key() {
        create("signer", "{\"kty\":\"EC\"}");
        fetch(key("signer"));

        assertThat(operator.audit())
                .filteredOn(line -> line.operation().equals("KeyGet")
                        && line.target().toString().equals(ns + "/" + vault + "/keys/signer"))
                .isNotEmpty()
                .allSatisfy(line -> {
                    assertThat(line.result().type()).isEqualTo("Success");
                    assertThat(line.toString()).contains(ns + "/api");
                });
    }
}
