package dev.kluis.operator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis key} against the server: keys looked at and rotated, and wrapped keys brought to a new version. */
class KeyCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("clikeys");
    private final String vault = "k" + ns.substring(ns.length() - 8);
    private final LogCapture log = LogCapture.start();

    @TempDir
    Path folder;

    private Api officer;
    private Command kluis;
    private Command user;

    @BeforeEach
    void keysInAVault() throws IOException {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "officer", "Crypto Officer");
        operator.grant(ns, vault, "user", "Crypto Service Encryption User");
        officer = Api.as(operator, ns, "officer");
        kluis = Command.as(operator, folder, ns, "officer", vault);
        user = Command.as(operator, folder, ns, "user", vault);
        create("kek", "{\"kty\":\"RSA\",\"key_size\":2048}");
    }

    @AfterEach
    void no_key_is_in_the_log() {
        assertThat(log.stop()).doesNotContain("canary", base64("canary-key-1"));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private JsonNode send(String method, String path, String body) {
        var answer = officer.send(method, "/vaults/" + ns + "/" + vault + path, body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private void create(String name, String body) {
        send("POST", "/keys/" + name + "/create", body);
    }

    private JsonNode wrap(String key, String algorithm, String text) {
        return send(
                "POST",
                "/keys/" + key + "//wrapkey",
                "{\"alg\":\"" + algorithm + "\",\"value\":\"" + base64(text) + "\"}");
    }

    private String unwrap(String key, String version, String algorithm, String value) {
        String unwrapped = send(
                        "POST",
                        "/keys/" + key + "/" + version + "/unwrapkey",
                        "{\"alg\":\"" + algorithm + "\",\"value\":\"" + value + "\"}")
                .path("value")
                .asText();
        return new String(Base64.getUrlDecoder().decode(unwrapped), UTF_8);
    }

    private static Command.Result ok(Command.Result result) {
        assertThat(result.exit()).as(result.err()).isZero();
        return result;
    }

    /** Makes a new version and gives its name. */
    private String rotate(String key) {
        return ok(kluis.run("key", "rotate", key, "-o", "name")).out().strip();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String version(JsonNode line) {
        String kid = line.path("kid").asText();
        return kid.substring(kid.lastIndexOf('/') + 1);
    }

    @Test
    void keys_are_listed_shown_and_rotated() throws IOException {
        create("signer", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}");
        assertThat(ok(kluis.run("key", "list", "-o", "name")).out()).isEqualTo("kek\nsigner\n");
        var shown = ok(kluis.run("key", "show", "kek")).out().lines().toList();
        assertThat(shown.getFirst()).matches("NAME +VERSION +TYPE +OPERATIONS +ENABLED +EXPIRES");
        assertThat(shown.getLast()).matches("kek +[0-9a-f]{32} +RSA +[a-zA-Z,]*wrapKey[a-zA-Z,]* +true");
        var bundle =
                JSON.readTree(ok(kluis.run("key", "show", "kek", "-o", "json")).out());
        assertThat(bundle.path("key").path("n").asText()).isNotEmpty();
        assertThat(bundle.path("key").has("d")).isFalse();

        String current = rotate("kek");
        assertThat(current).matches("[0-9a-f]{32}");
        var versions = ok(kluis.run("key", "versions", "kek", "-o", "name"))
                .out()
                .lines()
                .toList();
        assertThat(versions).hasSize(2).last().isEqualTo(current);
        var refused = user.run("key", "rotate", "kek");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(kluis.run("key", "show", "absent").exit()).isEqualTo(3);
    }

    @Test
    void a_list_of_wrapped_keys_comes_out_under_the_newest_version_in_the_same_order_and_a_second_time_unchanged()
            throws IOException {
        var wrapped = IntStream.range(0, 3)
                .mapToObj(i -> {
                    if (i > 0) {
                        rotate("kek");
                    }
                    return wrap("kek", "RSA-OAEP-256", "canary-key-" + i);
                })
                .toList();
        String list = wrapped.stream().map(JsonNode::toString).collect(Collectors.joining("\n", "", "\n"));
        String current = rotate("kek");

        var done = ok(user.runWith(list, "key", "rewrap", "kek"));
        var lines = done.out().lines().map(KeyCommandIT::json).toList();
        assertThat(lines).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(version(lines.get(i))).isEqualTo(current);
            assertThat(unwrap(
                            "kek",
                            current,
                            "RSA-OAEP-256",
                            lines.get(i).path("value").asText()))
                    .isEqualTo("canary-key-" + i);
        }
        assertThat(done.err())
                .contains("3 rewrapped by version " + current + ", 0 under it already, 0 left as they were");

        var file = Files.writeString(folder.resolve("list"), done.out());
        var again = ok(user.run("key", "rewrap", "kek", "--file", file.toString()));
        assertThat(again.out()).isEqualTo(done.out());
        assertThat(again.err()).contains("0 rewrapped", "3 under it already");
    }

    @Test
    void lines_of_base64url_name_the_version_by_an_option_and_a_symmetric_key_by_its_algorithm() {
        create("aes", "{\"kty\":\"oct\",\"key_size\":256}");
        var wrapped = wrap("aes", "A256KW", "canary-key-of-16");
        String old = version(wrapped);
        String value = wrapped.path("value").asText();
        String current = rotate("aes");

        var unsaid = user.runWith(value + "\n", "key", "rewrap", "aes", "--algorithm", "A256KW");
        assertThat(unsaid.exit()).isEqualTo(6);
        assertThat(unsaid.err()).contains("line 1: by which version it was wrapped is not in it");
        assertThat(unsaid.out()).isEqualTo(value + "\n");
        var done = ok(user.runWith(
                value + "\r\n" + value, "key", "rewrap", "aes", "--algorithm", "A256KW", "--version", old));
        assertThat(done.out().lines())
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(unwrap("aes", current, "A256KW", line)).isEqualTo("canary-key-of-16"));
    }

    @Test
    void what_cannot_be_rewrapped_comes_out_as_it_was_and_its_line_is_told() {
        var first = wrap("kek", "RSA-OAEP-256", "canary-key-1");
        String broken = first.toString().replace(first.path("value").asText(), base64("canary-not-wrapped"));
        rotate("kek");
        var disabled = wrap("kek", "RSA-OAEP-256", "canary-key-2");
        String current = rotate("kek");
        send("PATCH", "/keys/kek/" + version(disabled), "{\"attributes\":{\"enabled\":false}}");
        var absent = first.toString().replace(version(first), "0".repeat(32));
        var list = List.of(broken, disabled.toString(), absent, "", first.toString(), "no base64!");

        var done = user.runWith(String.join("\n", list), "key", "rewrap", "kek");

        assertThat(done.exit()).as(done.err()).isEqualTo(6);
        var lines = done.out().lines().toList();
        assertThat(lines).hasSize(6);
        for (int unchanged : List.of(0, 1, 2, 3, 5)) {
            assertThat(lines.get(unchanged)).isEqualTo(list.get(unchanged));
        }
        assertThat(version(json(lines.get(4)))).isEqualTo(current);
        assertThat(done.err())
                .contains(
                        "line 1: ",
                        "line 2: ",
                        "disabled",
                        "line 3: ",
                        "line 6: ",
                        "1 rewrapped",
                        "4 left as they were")
                .doesNotContain("canary", base64("canary-not-wrapped"), "Exception");
    }

    @Test
    void who_may_look_at_the_key_and_not_use_it_is_told_once_and_all_comes_out_as_it_was() throws IOException {
        operator.grant(ns, vault, "reader", "Reader");
        var reader = Command.as(operator, folder, ns, "reader", vault);
        var wrapped = wrap("kek", "RSA-OAEP-256", "canary-key-1").toString();
        rotate("kek");
        String list = (wrapped + "\n").repeat(3);

        var refused = reader.runWith(list, "key", "rewrap", "kek");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo(list);
        assertThat(refused.err())
                .contains("line 1: ", "2 lines more were not tried")
                .doesNotContain("line 2: ");
        var stranger = Command.as(operator, folder, ns, "stranger", vault).runWith(list, "key", "rewrap", "kek");
        assertThat(stranger.exit()).isEqualTo(1);
        assertThat(stranger.out()).isEmpty();
    }

    @Test
    void a_long_list_says_how_far_it_is() {
        var wrapped = wrap("kek", "RSA-OAEP-256", "canary-key-1").toString();
        var done = ok(user.runWith((wrapped + "\n").repeat(2500), "key", "rewrap", "kek"));
        assertThat(done.out().lines()).hasSize(2500);
        assertThat(done.err().lines().toList())
                .startsWith("1000 lines done", "2000 lines done")
                .hasSize(3);
    }

    @Test
    void a_line_without_end_is_refused() {
        var refused = user.runWith("x".repeat(70_000), "key", "rewrap", "kek");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("a line has at most 65536 bytes");
    }
}
