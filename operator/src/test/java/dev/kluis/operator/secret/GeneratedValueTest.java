package dev.kluis.operator.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.operator.kind.Problem;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedValueTest {

    private static String make(Integer length, String alphabet, String format) {
        try (var value = GeneratedValue.of(length, alphabet, format).make(new SecureRandom())) {
            return new String(value.reveal(SecretAccess.GRANTED), US_ASCII);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Alphanumeric, '[0-9A-Za-z]{40}'",
        "Letters, '[A-Za-z]{40}'",
        "Digits, '[0-9]{40}'",
        "Printable, '[!-~]{40}'"
    })
    void text_has_the_length_and_the_characters_that_were_asked_for(String alphabet, String pattern) {
        assertThat(make(40, alphabet, "Text")).matches(pattern);
    }

    @Test
    void the_other_formats_have_their_lengths() {
        assertThat(make(null, null, null)).matches("[0-9A-Za-z]{32}");
        assertThat(make(33, null, "Hex")).matches("[0-9a-f]{33}");
        assertThat(Base64.getDecoder().decode(make(48, null, "Base64"))).hasSize(48);
        assertThat(make(null, null, "UUID"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 4097, 0, -1})
    void a_length_outside_of_8_to_4096_is_refused(int length) {
        assertThatThrownBy(() -> GeneratedValue.of(length, null, null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("length is 8 to 4096");
    }

    /** 94 characters do not divide 256, so a plain remainder would favour some of them by a third. */
    @Test
    void every_character_is_as_likely_as_every_other() {
        Map<Character, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            for (char one : make(4096, "Printable", "Text").toCharArray()) {
                counts.merge(one, 1, Integer::sum);
            }
        }

        double expected = 100 * 4096 / 94.0;
        assertThat(counts).hasSize(94);
        // Nine standard deviations, about 66 each.
        assertThat(counts.values())
                .allSatisfy(count -> assertThat(count.doubleValue()).isBetween(expected - 600, expected + 600));
    }
}
