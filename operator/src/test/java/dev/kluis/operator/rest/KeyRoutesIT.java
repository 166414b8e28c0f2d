package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys API over HTTPS, as Key Vault's contract has it. */
class KeyRoutesIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("keys");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final String base = "/vaults/" + ns + "/" + vault;
    private Api officer;
    private Api user;

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        officer = with("officer", "Crypto Officer");
        user = with("user", "Crypto User");
    }

    private Api with(String account, String role) {
        operator.grant(ns, vault, account, role);
        return Api.as(operator, ns, account);
    }

    private JsonNode create(String name, String body) {
        var created = officer.send("POST", base + "/keys/" + name + "/create", body);
        assertThat(created.status()).as(created.response().body()).isEqualTo(200);
        return created.body();
    }

    private JsonNode done(String path, String body) {
        var answer = user.send("POST", base + path, body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(JsonNode member) {
        return Base64.getUrlDecoder().decode(member.asText());
    }

    private static BigInteger number(JsonNode member) {
        return new BigInteger(1, bytes(member));
    }

    private static String last(JsonNode kid) {
        return kid.asText().substring(kid.asText().lastIndexOf('/') + 1);
    }

    @Test
    void a_key_is_made_and_shown_as_a_bundle_and_its_signature_verifies_by_its_public_part() throws Exception {
        var created = create("Signer", """
                {"kty":"RSA","key_size":2048,"key_ops":["sign","verify"],"tags":{"owner":"billing"},
                 "attributes":{"enabled":true,"exp":4000000000}}""");
        var key = created.path("key");
        assertThat(key.path("kid").asText()).matches("https://localhost:[0-9]+" + base + "/keys/signer/[0-9a-f]{32}");
        assertThat(key.path("e").asText()).isEqualTo("AQAB");
        assertThat(key.path("key_ops")).extracting(JsonNode::asText).containsExactly("sign", "verify");
        assertThat(key.has("d")).isFalse();
        var attributes = created.path("attributes");
        assertThat(attributes.path("enabled").asBoolean()).isTrue();
        assertThat(attributes.path("exp").asLong()).isEqualTo(4_000_000_000L);
        assertThat(attributes.path("recoveryLevel").asText()).isEqualTo("Recoverable+Purgeable");
        assertThat(attributes.path("exportable").asBoolean()).isFalse();
        assertThat(created.path("tags").path("owner").asText()).isEqualTo("billing");
        assertThat(created.has("managed")).isFalse();
        assertThat(user.get(base + "/keys/SIGNER").body()).isEqualTo(created);
        assertThat(user.get(base + "/keys/signer/" + last(key.path("kid"))).body())
                .isEqualTo(created);

        byte[] message = "what is signed".getBytes(UTF_8);
        String digest = base64(MessageDigest.getInstance("SHA-256").digest(message));
        var signed = done("/keys/signer//sign", "{\"alg\":\"RS256\",\"value\":\"" + digest + "\"}");
        assertThat(signed.path("kid")).isEqualTo(key.path("kid"));
        var verification = Signature.getInstance("SHA256withRSA");
        verification.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e")))));
        verification.update(message);
        assertThat(verification.verify(bytes(signed.path("value")))).isTrue();
        var verified = done(
                "/keys/signer/" + last(key.path("kid")) + "/verify",
                "{\"alg\":\"RS256\",\"digest\":\"" + digest + "\",\"value\":\""
                        + signed.path("value").asText() + "\"}");
        assertThat(verified.path("value").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/keys/aes//encrypt", "/keys/aes/encrypt", "/keys/aes/{version}/encrypt"})
    void the_version_may_be_named_left_empty_or_left_out(String path) {
        var key = create("aes", "{\"kty\":\"oct\",\"key_size\":256}").path("key");
        assertThat(key.path("kty").asText()).isEqualTo("oct");
        assertThat(key.has("k")).isFalse();
        String value = base64("hello".getBytes(UTF_8));
        var encrypted = done(
                path.replace("{version}", last(key.path("kid"))),
                "{\"alg\":\"A256GCM\",\"value\":\"" + value + "\",\"aad\":\"YQ\"}");
        assertThat(bytes(encrypted.path("iv"))).hasSize(12);
        assertThat(bytes(encrypted.path("tag"))).hasSize(16);
        var decrypted = done(
                "/keys/aes//decrypt",
                "{\"alg\":\"A256GCM\",\"value\":\"" + encrypted.path("value").asText() + "\",\"iv\":\""
                        + encrypted.path("iv").asText() + "\",\"tag\":\""
                        + encrypted.path("tag").asText() + "\",\"aad\":\"YQ\"}");
        assertThat(decrypted.path("value").asText()).isEqualTo(value);
    }

    @Test
    void a_key_is_wrapped_and_unwrapped_and_a_broken_one_is_a_bad_parameter() {
        create("kek", "{\"kty\":\"RSA\"}");
        String value = base64(new byte[32]);
        var wrapped = done("/keys/kek//wrapkey", "{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + value + "\"}");
        var unwrapped = done(
                "/keys/kek//unwrapkey",
                "{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + wrapped.path("value").asText() + "\"}");
        assertThat(unwrapped.path("value").asText()).isEqualTo(value);
        var broken = user.send(
                "POST",
                base + "/keys/kek//unwrapkey",
                "{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + base64(new byte[256]) + "\"}");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.code()).isEqualTo("BadParameter");
    }

    @Test
    void a_key_of_another_program_is_imported_with_every_member_of_its_jwk() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        var jwk = "{\"kid\":\"theirs\",\"kty\":\"RSA\",\"key_ops\":[\"decrypt\",\"sign\"],\"n\":\""
                + octets(pair.getModulus())
                + "\",\"e\":\"" + octets(pair.getPublicExponent()) + "\",\"d\":\""
                + octets(pair.getPrivateExponent()) + "\",\"p\":\"" + octets(pair.getPrimeP()) + "\",\"q\":\""
                + octets(pair.getPrimeQ()) + "\",\"dp\":\"" + octets(pair.getPrimeExponentP()) + "\",\"dq\":\""
                + octets(pair.getPrimeExponentQ()) + "\",\"qi\":\"" + octets(pair.getCrtCoefficient()) + "\"}";
        var imported = officer.put(base + "/keys/theirs", "{\"key\":" + jwk + ",\"Hsm\":false,\"tags\":{\"a\":\"b\"}}");
        assertThat(imported.status()).as(imported.response().body()).isEqualTo(200);
        assertThat(number(imported.body().path("key").path("n"))).isEqualTo(pair.getModulus());
        assertThat(imported.body().path("key").path("key_ops")).hasSize(2);
        assertThat(officer.put(base + "/keys/theirs", "{\"key\":" + jwk + ",\"Hsm\":true}")
                        .code())
                .isEqualTo("BadParameter");
        assertThat(officer.put(base + "/keys/theirs", "{}").message()).contains("'key' is missing");
        var mixed = jwk.replace(octets(pair.getPrimeP()), octets(pair.getPrimeQ()));
        assertThat(officer.put(base + "/keys/theirs", "{\"key\":" + mixed + "}").code())
                .isEqualTo("BadParameter");
        assertThat(user.put(base + "/keys/theirs", "{\"key\":" + jwk + "}").inner())
                .isEqualTo("ForbiddenByRbac");
    }

    private static String octets(BigInteger number) {
        byte[] signed = number.toByteArray();
        return base64(signed[0] == 0 ? java.util.Arrays.copyOfRange(signed, 1, signed.length) : signed);
    }

    @Test
    void disabled_expired_and_forbidden_uses_are_refused_with_key_vault_s_codes() {
        create("pay", "{\"kty\":\"EC\",\"key_ops\":[\"sign\"]}");
        String sign = "{\"alg\":\"ES256\",\"value\":\"" + base64(new byte[32]) + "\"}";
        String verify = "{\"alg\":\"ES256\",\"digest\":\"" + base64(new byte[32]) + "\",\"value\":\"AA\"}";
        var forbidden = user.send("POST", base + "/keys/pay//verify", verify);
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.inner()).isEqualTo("KeyOperationForbidden");

        user.send("PATCH", base + "/keys/pay", "{\"attributes\":{\"exp\":1700000000}}");
        assertThat(user.send("POST", base + "/keys/pay//sign", sign).inner()).isEqualTo("KeyExpired");
        user.send("PATCH", base + "/keys/pay", "{\"attributes\":{\"exp\":4000000001,\"nbf\":4000000000}}");
        assertThat(user.send("POST", base + "/keys/pay//sign", sign).inner()).isEqualTo("KeyNotYetValid");
        var disabled = user.send("PATCH", base + "/keys/pay/", "{\"attributes\":{\"enabled\":false}}");
        assertThat(disabled.status()).isEqualTo(200);
        assertThat(user.send("POST", base + "/keys/pay//sign", sign).inner()).isEqualTo("KeyDisabled");
        assertThat(user.send("POST", base + "/keys/none//sign", sign).code()).isEqualTo("KeyNotFound");
        assertThat(user.send("POST", base + "/keys/pay//release", "{\"target\":\"a.b.c\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_deleted_key_is_found_among_the_deleted_recovered_and_purged() {
        create("k", "{\"kty\":\"EC\"}");
        var deleted = officer.delete(base + "/keys/k");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.body().path("recoveryId").asText()).endsWith(base + "/deletedkeys/k");
        assertThat(deleted.body().path("key").path("kty").asText()).isEqualTo("EC");
        assertThat(deleted.body().path("attributes").path("recoveryLevel").asText())
                .isEqualTo("Recoverable+Purgeable");
        assertThat(officer.get(base + "/keys/k").code()).isEqualTo("KeyNotFound");
        assertThat(officer.send("POST", base + "/keys/k/create", "{\"kty\":\"EC\"}")
                        .inner())
                .isEqualTo("ObjectIsDeletedButRecoverable");
        assertThat(officer.get(base + "/deletedkeys").body().path("value")).hasSize(1);
        assertThat(officer.get(base + "/deletedkeys/k").status()).isEqualTo(200);

        assertThat(officer.send("POST", base + "/deletedkeys/k/recover", "").status())
                .isEqualTo(200);
        assertThat(officer.get(base + "/keys/k").status()).isEqualTo(200);
        officer.delete(base + "/keys/k");
        assertThat(officer.delete(base + "/deletedkeys/k").status()).isEqualTo(204);
        assertThat(officer.get(base + "/deletedkeys/k").status()).isEqualTo(404);
    }

    @Test
    void a_rotated_key_has_two_versions_and_its_policy_comes_back_as_it_was_said() {
        var first = create("k", "{\"kty\":\"EC\"}");
        var usual = officer.get(base + "/keys/k/rotationpolicy").body();
        assertThat(usual.path("id").asText()).endsWith(base + "/keys/k/rotationpolicy");
        assertThat(usual.path("lifetimeActions")).hasSize(1);
        assertThat(usual.at("/lifetimeActions/0/trigger/timeBeforeExpiry").asText())
                .isEqualTo("P30D");
        assertThat(usual.at("/lifetimeActions/0/action/type").asText()).isEqualTo("Notify");

        var set = officer.put(base + "/keys/k/rotationpolicy", """
                {"lifetimeActions":[{"trigger":{"timeAfterCreate":"P18M"},"action":{"type":"Rotate"}},
                  {"trigger":{"timeBeforeExpiry":"P30D"},"action":{"type":"Notify"}}],
                 "attributes":{"expiryTime":"P2Y"}}""");
        assertThat(set.status()).as(set.response().body()).isEqualTo(200);
        assertThat(officer.get(base + "/keys/k/rotationpolicy").body()).isEqualTo(set.body());
        assertThat(set.body().at("/attributes/expiryTime").asText()).isEqualTo("P2Y");

        var rotated = officer.send("POST", base + "/keys/k/rotate", "");
        assertThat(rotated.status()).isEqualTo(200);
        assertThat(rotated.body().at("/key/kid")).isNotEqualTo(first.at("/key/kid"));
        assertThat(rotated.body().at("/attributes/exp").isIntegralNumber()).isTrue();
        var versions = officer.get(base + "/keys/k/versions").body().path("value");
        assertThat(versions).hasSize(2);
        assertThat(versions.get(0).path("kid")).isEqualTo(first.at("/key/kid"));
        assertThat(versions.get(0).has("key")).isFalse();
        assertThat(officer.put(base + "/keys/k/rotationpolicy", "{\"attributes\":{\"expiryTime\":\"P1D\"}}")
                        .code())
                .isEqualTo("BadParameter");
        assertThat(user.send("POST", base + "/keys/k/rotate", "").inner()).isEqualTo("ForbiddenByRbac");
    }

    @Test
    void a_backup_restores_a_key_and_is_not_taken_for_a_secret_s() {
        create("k", "{\"kty\":\"oct\"}");
        String blob = done("/keys/k/backup", "").path("value").asText();
        assertThat(officer.send("POST", base + "/keys/restore", "{\"value\":\"" + blob + "\"}")
                        .status())
                .isEqualTo(409);
        officer.delete(base + "/keys/k");
        officer.delete(base + "/deletedkeys/k");
        assertThat(officer.send("POST", base + "/secrets/restore", "{\"value\":\"" + blob + "\"}")
                        .code())
                .isEqualTo("Forbidden");
        assertThat(with("administrator", "Administrator")
                        .send("POST", base + "/secrets/restore", "{\"value\":\"" + blob + "\"}")
                        .code())
                .isEqualTo("BadParameter");
        var restored = officer.send("POST", base + "/keys/restore", "{\"value\":\"" + blob + "\"}");
        assertThat(restored.status()).as(restored.response().body()).isEqualTo(200);
        assertThat(restored.body().at("/key/kid").asText()).contains("/keys/k/");
    }

    @Test
    void lists_come_in_pages_and_newer_types_only_for_who_asks_for_them() {
        for (int i = 0; i < 5; i++) {
            create("k" + i, "{\"kty\":\"oct\"}");
        }
        create("k5-new", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}");
        create("k6-new", "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\"}");
        create("k7", "{\"kty\":\"EC\"}");
        assertThat(names("/keys?maxresults=2&api-version=7.4")).containsExactly("k0", "k1", "k2", "k3", "k4", "k7");
        assertThat(names("/keys?maxresults=3&api-version=2026-04-01&kty=all")).hasSize(8);
        assertThat(user.get(base + "/keys/k6-new").body().at("/key/alg").asText())
                .isEqualTo("ML-DSA-44");
        var signed = done("/keys/k6-new//sign", "{\"alg\":\"ML-DSA-44\",\"value\":\"AA\",\"context\":\"AA\"}");
        assertThat(bytes(signed.path("value"))).hasSize(2420);
    }

    private List<String> names(String path) {
        var names = new ArrayList<String>();
        String next = base + path;
        while (next != null) {
            var page = user.get(next).body();
            page.path("value").forEach(item -> names.add(last(item.path("kid"))));
            String link = page.path("nextLink").textValue();
            next = link == null ? null : link.substring(user.url().length());
        }
        return names;
    }

    @Test
    void random_bytes_are_drawn_and_no_two_are_alike() {
        var first = done("/rng", "{\"count\":32}").path("value");
        assertThat(bytes(first)).hasSize(32);
        assertThat(done("/rng", "{\"count\":32}").path("value")).isNotEqualTo(first);
        assertThat(user.send("POST", base + "/rng", "{\"count\":129}").code()).isEqualTo("BadParameter");
        assertThat(user.send("POST", base + "/rng", "{}").code()).isEqualTo("BadParameter");
    }

    @Test
    void a_body_over_the_limit_is_refused_before_it_is_read() {
        create("aes", "{\"kty\":\"oct\"}");
        var answer = user.send(
                "POST", base + "/keys/aes//encrypt", "{\"alg\":\"A256GCM\",\"value\":\"" + "A".repeat(70_000) + "\"}");
        assertThat(answer.status()).isEqualTo(413);
    }
}
