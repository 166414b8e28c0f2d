package dev.kluis.csi.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.csi.Mounts;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountCallTest {

    private static MountCall parse(String objects) {
        return MountCall.parse(Mounts.json(Mounts.attributes("api", objects)));
    }

    private static String alias(String alias) {
        return "[{objectName: db, objectType: secret, objectAlias: \"" + alias + "\"}]";
    }

    @Test
    void the_grammar_of_azure_and_a_plain_list_mean_the_same() {
        var azure = parse("""
                array:
                  - |
                    objectName: db
                    objectType: secret
                    objectVersion: ""
                """);
        var plain = parse("""
                - objectName: db
                  objectType: secret
                """);

        assertThat(azure.objects()).isEqualTo(plain.objects());
    }

    @Test
    void numbers_are_text_as_written() {
        var object = parse("""
                - objectName: 0123
                  objectType: secret
                  objectVersion: 00000000000000000000000000000123
                  filePermission: 0440
                """).objects().getFirst();

        assertThat(object.reference().name()).isEqualTo("0123");
        assertThat(object.reference().version()).isEqualTo("00000000000000000000000000000123");
        assertThat(object.mode()).isEqualTo(0440);
    }

    @Test
    void a_key_is_asked_for_as_a_class_for_azure_does() {
        var object = parse("""
                array:
                  - |
                    objectName: Signer
                    objectType: key
                    objectFormat: pem
                    objectEncoding: utf-8
                    objectAlias: keys/signer.pem
                    objectVersion: 00112233445566778899aabbccddeeff
                """).objects().getFirst();

        assertThat(object.reference())
                .isEqualTo(new RequestedObject.Reference(
                        RequestedObject.Kind.KEY, "Signer", "00112233445566778899aabbccddeeff"));
        assertThat(object.path().text()).isEqualTo("keys/signer.pem");
        assertThat(object.encoding()).isEqualTo(RequestedObject.Encoding.UTF_8);
    }

    @Test
    void a_key_and_a_secret_of_one_name_need_two_files() {
        String both = "[{objectName: db, objectType: secret}, {objectName: db, objectType: key%s}]";
        assertThatThrownBy(() -> parse(both.formatted(""))).hasMessageContaining("two objects have the file name 'db'");
        assertThat(parse(both.formatted(", objectAlias: db.pem")).objects()).hasSize(2);
    }

    @Test
    void the_namespace_of_the_vault_is_the_pods_unless_told() {
        assertThat(parse("[{objectName: db, objectType: secret}]").vaultNamespace())
                .isEqualTo("team");
        var attributes = Mounts.attributes("api", "[{objectName: db, objectType: secret}]");
        attributes.put("keyvaultNamespace", "payments");
        assertThat(MountCall.parse(Mounts.json(attributes)).vaultNamespace()).isEqualTo("payments");
    }

    @Test
    void what_a_class_for_azure_has_besides_is_ignored() {
        var attributes = Mounts.attributes("api", "[{objectName: db, objectType: secret}]");
        attributes.put("usePodIdentity", "false");
        attributes.put("clientID", "x");
        attributes.put("tenantID", "y");
        attributes.put("cloudName", "");

        assertThat(MountCall.parse(Mounts.json(attributes)).ignored())
                .containsExactlyInAnyOrder("usePodIdentity", "clientID", "tenantID", "cloudName");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../x | '..'",
                "a/../b | '..'",
                "..data | '..'",
                "..2026 | '..'",
                "a/..b | '..'",
                "/etc/passwd | absolute",
                "a//b | empty part",
                "a/ | empty part",
                "./a | empty part or '.'",
                "a/./b | empty part or '.'",
                "a\\\\b | backslash",
                "a\\0b | control character",
                "a\\nb | control character"
            })
    void attack_06_a_file_name_that_could_leave_the_mount_is_refused(String alias, String why) {
        assertThatThrownBy(() -> parse(alias(alias)))
                .isInstanceOf(InvalidMountException.class)
                .hasMessageContaining(why);
    }

    @Test
    void attack_06_a_file_name_has_at_most_255_bytes_in_each_part_and_4096_in_all() {
        assertThat(parse(alias("x".repeat(255))).objects().getFirst().path().text())
                .hasSize(255);
        assertThatThrownBy(() -> parse(alias("x".repeat(256)))).hasMessageContaining("longer than 255 bytes");
        assertThatThrownBy(() -> parse(alias("é".repeat(128)))).hasMessageContaining("longer than 255 bytes");
        assertThatThrownBy(() -> parse(alias(("y".repeat(200) + "/").repeat(21) + "z")))
                .hasMessageContaining("longer than 4096 bytes");
    }

    @Test
    void file_names_are_apart() {
        assertThatThrownBy(() -> parse(
                        "[{objectName: a, objectType: secret}, {objectName: b, objectType: secret, objectAlias: a}]"))
                .hasMessageContaining("two objects have the file name 'a'");
        assertThatThrownBy(() -> parse(
                        "[{objectName: a, objectType: secret}, {objectName: b, objectType: secret, objectAlias: a/b}]"))
                .hasMessageContaining("is also a folder of 'a/b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "array:", "array: []"})
    void no_object_at_all_is_refused(String objects) {
        assertThatThrownBy(() -> parse(objects)).hasMessageContaining("names no object");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{objectName: db}] | objectType of 'db' is ''",
                "[{objectName: db, objectType: blob}] | objectType of 'db' is 'blob'; 'secret' and 'key' are",
                "[{objectName: db, objectType: cert}] | objectType of 'db' is 'cert'",
                "[{objectName: db, objectType: Key}] | objectType of 'db' is 'Key'",
                "[{objectName: db, objectType: key, objectFormat: pfx}] | only be 'pem'",
                "[{objectName: db, objectType: key, objectEncoding: base64}] | objectEncoding of 'db' is for secrets",
                "[{objectName: db, objectType: key, objectEncoding: hex}] | objectEncoding of 'db' is for secrets",
                "[{objectName: db, objectType: key, objectEncoding: rot13}] | utf-8, base64 or hex",
                "[{objectName: db, objectType: key, objectVersionHistory: 2}] | 1 at most",
                "[{objectName: db, objectType: key, objectVersion: 5}] | 32 lower-case hex",
                "[{objectName: db, objectType: Secret}] | objectType of 'db' is 'Secret'",
                "[{objectType: secret}] | objectName has to be",
                "[{objectName: a_b, objectType: secret}] | objectName has to be",
                "[{objectName: db, objectType: secret, objectVersion: 5}] | 32 lower-case hex",
                "[{objectName: db, objectType: secret, objectFormat: pfx}] | only be 'pem'",
                "[{objectName: db, objectType: secret, objectEncoding: rot13}] | utf-8, base64 or hex",
                "[{objectName: db, objectType: secret, objectVersionHistory: 5}] | 1 at most",
                "[{objectName: db, objectType: secret, filePermission: 999}] | octal",
                "[{objectName: db, objectType: secret, filePermission: 7777}] | octal",
                "[{objectname: db, objectType: secret}] | unknown entry 'objectname'",
                "[{objectName: [x], objectType: secret}] | has to be text",
                "[db] | has to be a map",
                "{objectName: db} | has to be a list",
                "[{objectName: db | not YAML",
                "[!!javax.script.ScriptEngineManager {}] | not YAML"
            })
    void what_is_wrong_is_said(String objects, String why) {
        assertThatThrownBy(() -> parse(objects))
                .isInstanceOf(InvalidMountException.class)
                .hasMessageContaining(why);
    }

    @Test
    void more_than_256_objects_are_refused() {
        String many = IntStream.range(0, 257)
                .mapToObj(i -> "{objectName: s" + i + ", objectType: secret}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThatThrownBy(() -> parse(many)).hasMessageContaining("more than 256 objects");
    }

    @Test
    void aliases_of_yaml_are_refused() {
        assertThatThrownBy(() -> parse("""
                        - &a {objectName: db, objectType: secret}
                        - *a
                        """)).isInstanceOf(InvalidMountException.class);
    }

    @Test
    void without_a_token_of_our_audience_it_says_how_to_have_one() {
        var attributes = Mounts.attributes("api", "[{objectName: db, objectType: secret}]");
        attributes.put("csi.storage.k8s.io/serviceAccount.tokens", "{\"vault\":{\"token\":\"t\"}}");
        assertThatThrownBy(() -> MountCall.parse(Mounts.json(attributes)))
                .hasMessageContaining("no token of audience 'kluis'")
                .hasMessageContaining("kubectl edit csidriver secrets-store.csi.k8s.io");
        attributes.remove("csi.storage.k8s.io/serviceAccount.tokens");
        assertThatThrownBy(() -> MountCall.parse(Mounts.json(attributes))).hasMessageContaining("no token of audience");
    }

    @Test
    void attack_09_a_message_never_has_the_token() {
        var attributes = Mounts.attributes("api", "[]");
        String token = attributes.get("csi.storage.k8s.io/serviceAccount.tokens");
        String json = Mounts.json(attributes);
        for (String broken :
                new String[] {json.substring(0, json.length() - 1), json + "x", json.replace("\":\"", "\":")}) {
            assertThatThrownBy(() -> MountCall.parse(broken))
                    .isInstanceOf(InvalidMountException.class)
                    .hasMessageNotContaining(token.substring(20, 60));
        }
    }

    /** Whatever is given, it is decoded or refused in so many words; nothing else is thrown. */
    @Test
    void any_bytes_are_decoded_or_refused() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var random = new Random(seed);
        String[] parts = {
            "array:",
            "- ",
            "|",
            "\n",
            "  ",
            "{",
            "}",
            "[",
            "]",
            "objectName: ",
            "objectType: secret",
            "objectType: key",
            "objectAlias: ",
            "filePermission: ",
            "0440",
            "&a",
            "*a",
            "!!",
            "?",
            ": ",
            ",",
            "\"",
            "'",
            "db",
            "..",
            "/",
            "\u0000",
            "\ud83d\ude00",
            "<<: ",
            "#",
            "%YAML 1.1",
            "---",
            "null",
            "~",
            "1e9"
        };
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(24); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String attributes = Mounts.json(Mounts.attributes("api", text.toString()));
            if (random.nextInt(4) == 0) {
                int cut = random.nextInt(attributes.length());
                attributes = attributes.substring(0, cut) + (char) random.nextInt(0x300) + attributes.substring(cut);
            }
            try {
                var call = MountCall.parse(attributes);
                assertThat(call.objects()).isNotEmpty();
            } catch (InvalidMountException e) {
                assertThat(e.getMessage().length()).isLessThan(600);
            }
        }
    }
}
