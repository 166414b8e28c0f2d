package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies are strict JSON, or refused without being repeated. */
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"a\"",
                "{",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1}{}",
                "{\"a\":1} x",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":/* */1}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "\uFEFF{\"a\":1}"
            })
    void what_is_not_strict_json_is_refused(String body) {
        refused(body.getBytes(UTF_8));
    }

    @Test
    void bombs_are_refused() {
        refused(("{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}").getBytes(UTF_8));
        refused("{\"a\":".repeat(10_000).getBytes(UTF_8));
        refused(("{\"a\":" + "9".repeat(100) + "}").getBytes(UTF_8));
        refused(("{\"" + "n".repeat(2000) + "\":1}").getBytes(UTF_8));
    }

    @Test
    void what_is_not_utf_8_is_refused() {
        refused("{\"a\":\"é\"}".getBytes(ISO_8859_1));
        refused("{\"a\":1}".getBytes(UTF_16BE));
        refused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0xAF, '"', '}'});
        refused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'});
        refused(new byte[] {'{', '}', (byte) 0xC3});
    }

    @Test
    void a_value_is_the_bytes_of_its_text() {
        try (var value = value("{\"value\":\"a\\u00e9\\ud83d\\udd11\\n🔑\"}")) {
            assertThat(value.reveal(SecretAccess.GRANTED)).isEqualTo("aé🔑\n🔑".getBytes(UTF_8));
        }
        refused("{\"value\":\"\\ud83d\"}".getBytes(UTF_8));
        refused("{\"value\":\"\\udd11\\ud83d\"}".getBytes(UTF_8));
        refused("{\"value\":1}".getBytes(UTF_8));
        refused("{\"value\":null}".getBytes(UTF_8));
    }

    @Test
    void any_bytes_are_read_or_refused_and_nothing_else() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        var random = new Random(seed);
        byte[] whole = "{\"value\":\"v\\u00e9\",\"tags\":{\"a\":\"b\"},\"attributes\":{\"exp\":1,\"enabled\":true}}"
                .getBytes(UTF_8);
        for (int i = 0; i < 50_000; i++) {
            byte[] changed = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                read(changed);
            } catch (RestException e) {
                assertThat(e.status()).as("seed %d", seed).isEqualTo(400);
            }
        }
    }

    private static SecretBytes value(String body) {
        List<SecretBytes> found = new ArrayList<>();
        Json.read(body.getBytes(UTF_8), (name, parser) -> found.add(Json.secret(parser, name)));
        return found.getFirst();
    }

    static void read(byte[] body) {
        Json.read(body, (name, parser) -> {
            switch (name) {
                case "value" -> Json.secret(parser, name).close();
                case "tags" -> Attributes.tags(Json.tree(parser));
                case "attributes" -> Attributes.read(Json.tree(parser));
                default -> {}
            }
        });
    }

    private static void refused(byte[] body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(RestException.class, e -> {
            assertThat(e.status()).isEqualTo(400);
            assertThat(e.getMessage()).doesNotContain("nnn", "999", "\uFEFF");
        });
    }
}
