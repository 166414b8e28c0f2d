package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.access.Role;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of key with every operation, every algorithm and every wrong parameter: what fits is done, and everything else
 * is the client's fault and said so.
 */
class KeyCombinationsTest {

    private static final Set<Integer> ANSWERS = Set.of(200, 400, 403);
    /** Not in any message: no error quotes what came. */
    private static final String MARK = "bWFya2VkLXZhbHVl";

    private static InVault vault;

    @BeforeAll
    static void start() throws InterruptedException {
        var routes = new ArrayList<>(KeyRoutes.routes());
        routes.addAll(KeyUseRoutes.routes());
        vault = new InVault(Role.CRYPTO_OFFICER, routes);
    }

    @AfterAll
    static void stop() {
        vault.close();
    }

    static Stream<KeySpec> specs() {
        return KeySpec.all().stream();
    }

    private static String name(KeySpec spec) {
        return spec.text().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> wanted(KeySpec spec) {
        var body = new LinkedHashMap<String, Object>();
        body.put("kty", spec.kty());
        switch (spec) {
            case KeySpec.Rsa rsa -> {
                body.put("key_size", rsa.bits());
                body.put("public_exponent", rsa.exponent());
            }
            case KeySpec.Oct oct -> body.put("key_size", oct.bits());
            case KeySpec.Ec ec -> body.put("crv", ec.curve().jose());
            case KeySpec.Okp okp -> body.put("crv", KeySpec.Okp.CRV);
            case KeySpec.Akp akp -> body.put("alg", akp.parameters().jose());
        }
        return body;
    }

    /** With every operation that some algorithm does with it. */
    private static void create(KeySpec spec) {
        var possible = Stream.of(Algorithm.values())
                .filter(algorithm -> algorithm.fits(spec))
                .flatMap(algorithm -> algorithm.operations().stream())
                .map(KeyOperation::jose)
                .distinct()
                .toList();
        var body = wanted(spec);
        body.put("key_ops", possible);
        var created = vault.call("POST", "/keys/" + name(spec) + "/create", InVault.json(body));
        assertThat(created.status()).as(created.message()).isEqualTo(200);
        assertThat(created.body().path("key").path("kty").asText()).isEqualTo(spec.kty());
        for (String secret : List.of("d", "p", "q", "dp", "dq", "qi", "k", "priv")) {
            assertThat(created.body().path("key").has(secret)).isFalse();
        }
    }

    private static String bytes(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
    }

    /** What the algorithm takes, where it fits. */
    private static Map<String, Object> right(KeyOperation operation, Algorithm algorithm) {
        var body = new LinkedHashMap<String, Object>();
        body.put("alg", algorithm.jose());
        int digest = algorithm.digest() == 0 ? 32 : algorithm.digest();
        boolean gcm = algorithm.jose().endsWith("GCM");
        switch (operation) {
            case ENCRYPT, WRAP_KEY -> body.put("value", bytes(32));
            case SIGN -> body.put("value", bytes(digest));
            case DECRYPT, UNWRAP_KEY -> {
                body.put("value", bytes(256));
                if (gcm || algorithm.jose().contains("CBC")) {
                    body.put("iv", bytes(gcm ? 12 : 16));
                }
                if (gcm) {
                    body.put("tag", bytes(16));
                }
            }
            case VERIFY -> {
                body.put("digest", bytes(digest));
                body.put("value", bytes(64));
            }
        }
        return body;
    }

    private static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
        var changed = new LinkedHashMap<>(body);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> body, String name) {
        var changed = new LinkedHashMap<>(body);
        changed.remove(name);
        return changed;
    }

    /** Bodies with one thing wrong, or merely odd. */
    private static List<String> wrong(Map<String, Object> right) {
        var bodies = new ArrayList<String>();
        for (String name : List.of("alg", "value", "digest", "iv", "tag", "aad", "context")) {
            bodies.add(InVault.json(without(right, name)));
            for (Object value : List.of("", MARK, MARK + "=", "+/+/", "AB", "A", 7, true, List.of(), Map.of())) {
                bodies.add(InVault.json(with(right, name, value)));
            }
            for (int length : new int[] {1, 11, 12, 15, 16, 17, 64, 255, 257, 512}) {
                bodies.add(InVault.json(with(right, name, bytes(length))));
            }
        }
        bodies.add(InVault.json(with(right, "value", bytes(70_000))));
        bodies.add(InVault.json(with(right, "aad", bytes(70_000))));
        bodies.add(InVault.json(with(right, "external_mu", true)));
        bodies.add(InVault.json(with(with(right, "external_mu", true), "context", bytes(1))));
        bodies.add(InVault.json(with(right, "context", bytes(256))));
        return bodies;
    }

    private static void assertTyped(InVault.Answer answer, String what) {
        assertThat(answer.status()).as(() -> what + ": " + answer.body()).isIn(ANSWERS);
        if (answer.status() != 200) {
            assertThat(answer.code()).as(what).isIn("BadParameter", "Forbidden");
            assertThat(answer.message()).as(what).isNotBlank().doesNotContain(MARK);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void attack_16_each_operation_and_algorithm_is_done_where_it_fits_and_refused_where_not(KeySpec spec) {
        create(spec);
        for (var operation : KeyOperation.values()) {
            String path = "/keys/" + name(spec) + "//" + operation.jose().toLowerCase(Locale.ROOT);
            for (var algorithm : Algorithm.values()) {
                var right = right(operation, algorithm);
                var answer = vault.call("POST", path, InVault.json(right));
                String what = spec.text() + " " + operation + " " + algorithm;
                assertTyped(answer, what);
                boolean fits = algorithm.fits(spec) && algorithm.operations().contains(operation);
                switch (operation) {
                    case ENCRYPT, WRAP_KEY, SIGN, VERIFY ->
                        assertThat(answer.status())
                                .as(() -> what + ": " + answer.body())
                                .isEqualTo(fits ? 200 : answer.status() == 403 ? 403 : 400);
                    case DECRYPT, UNWRAP_KEY -> {
                        if (!fits) {
                            assertThat(answer.status()).as(what).isNotEqualTo(200);
                        }
                    }
                }
                if (fits) {
                    wrong(right).forEach(body -> assertTyped(vault.call("POST", path, body), what + " " + body));
                }
            }
            for (String alg : List.of("", "none", "rs256", "A256GCMKW", "\u0130")) {
                var answer = vault.call("POST", path, InVault.json(Map.of("alg", alg, "value", MARK, "digest", MARK)));
                assertThat(answer.status()).isIn(400, 403);
            }
        }
    }

    @Test
    void bodies_that_are_no_json_objects_are_refused_by_every_route() {
        for (var route : Stream.concat(KeyRoutes.routes().stream(), KeyUseRoutes.routes().stream())
                .filter(one -> one.bodyLimit() > 0)
                .toList()) {
            String path =
                    "/" + route.path().toString().replace("{name}", "none").replace("{version?}", "");
            for (String body : List.of("{", "[]", "7", "{}{}", "{\"a\":1,\"a\":2}", "{\"alg\":\"\\ud800\"}", "nul")) {
                var answer = vault.call(route.method().name(), path, body);
                assertThat(answer.status())
                        .as(path + " " + body + answer.body())
                        .isIn(400, 404);
            }
        }
    }

    /** What is asked for when a key is made: each member absent, right, wrong, or of another type. */
    @Test
    void attack_16_each_combination_of_type_size_exponent_and_curve_makes_a_key_or_says_what_is_wrong() {
        int made = 0;
        for (Object kty : List.of("", "RSA", "EC", "oct", "OKP", "AKP", "RSA-HSM", "oct-HSM", "rsa", "X", 5)) {
            for (Object size : List.of("", 0, -1, 128, 256, 521, 2047, 2049, 4294967296L, "2048", 1.5, true)) {
                for (Object exponent : List.of("", 0, 1, 2, 3, 65537, 4294967297L, "AQAB")) {
                    for (Object curve : List.of("", "P-256", "secp256k1", "Ed25519", "p-256", "X", 7)) {
                        var body = new LinkedHashMap<String, Object>();
                        body.put("kty", kty);
                        body.put("key_size", size);
                        body.put("public_exponent", exponent);
                        body.put("crv", curve);
                        body.values().removeIf(""::equals);
                        boolean slow = "RSA".equals(kty) && "".equals(size);
                        if (!slow) {
                            made += create(InVault.json(body));
                        }
                    }
                }
            }
        }
        assertThat(made).isPositive();
    }

    private static int create(String body) {
        var answer = vault.call("POST", "/keys/combined/create", body);
        assertThat(answer.status()).as(body + answer.body()).isIn(200, 400);
        if (answer.status() == 200) {
            return 1;
        }
        assertThat(answer.code()).as(body).isEqualTo("BadParameter");
        return 0;
    }

    @Test
    void other_members_of_wrong_types_are_refused_and_unknown_ones_passed_over() {
        for (String member : List.of(
                "\"key_ops\":\"sign\"",
                "\"key_ops\":[null]",
                "\"key_ops\":[\"import\"]",
                "\"key_ops\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
                "\"attributes\":[]",
                "\"attributes\":{\"enabled\":1}",
                "\"attributes\":{\"exp\":-1}",
                "\"attributes\":{\"nbf\":5,\"exp\":4}",
                "\"attributes\":{\"exportable\":true}",
                "\"tags\":7",
                "\"release_policy\":{}",
                "\"release_policy\":{\"data\":\"e30\"}",
                "\"release_policy\":{\"data\":\"/w==\"}",
                "\"release_policy\":7")) {
            var answer = vault.call("POST", "/keys/odd/create", "{\"kty\":\"EC\"," + member + "}");
            assertThat(answer.status()).as(member + answer.body()).isEqualTo(400);
        }
        assertThat(vault.call("POST", "/keys/odd/create", "{\"kty\":\"EC\",\"newer\":{\"a\":[1]}}")
                        .status())
                .isEqualTo(200);
    }
}
