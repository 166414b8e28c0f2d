package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and queries are decoded once, or refused. */
class TargetTest {

    @Test
    void a_path_is_its_segments_and_slashes_around_it_mean_nothing() {
        assertThat(Target.parse("/secrets/s").segments()).containsExactly("secrets", "s");
        assertThat(Target.parse("//secrets/s//").segments()).containsExactly("secrets", "s");
        assertThat(Target.parse("/").segments()).isEmpty();
        assertThat(Target.parse("/keys/k//sign").segments()).containsExactly("keys", "k", "", "sign");
    }

    @Test
    void what_is_encoded_without_need_is_the_same() {
        assertThat(Target.parse("/%73ecrets/%53-1").segments()).containsExactly("secrets", "S-1");
        assertThat(Target.parse("/secrets?api%2Dversion=7.4&x=a+b%20%C3%A9").query())
                .containsEntry("api-version", "7.4")
                .containsEntry("x", "a b é");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secrets/a%2Fb",
                "/secrets/a%2fb",
                "/secrets/a%5Cb",
                "/secrets/a\\b",
                "/secrets/a;b",
                "/secrets/a%3Bb",
                "/secrets/a%253Bb",
                "/secrets/.",
                "/secrets/..",
                "/secrets/../secrets",
                "/secrets/%2e%2e/secrets",
                "/secrets/%2E",
                "/secrets/a%00",
                "/secrets/a%0Ab",
                "/secrets/a%",
                "/secrets/a%4",
                "/secrets/a%zz",
                "/secrets/a%252F",
                "/secrets/a%C0%AF",
                "/secrets/%C3%A9",
                "/secrets/é",
                "/secrets/a#b",
                "/secrets/a b",
                "/secrets/a|b",
                "secrets/a",
                "",
                "*",
                "https://another/secrets/a",
                "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
                "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z",
                "/secrets?a=1&a=2",
                "/secrets?a=1&%61=2",
                "/secrets?a=%00",
                "/secrets?a=%C3",
                "/secrets?a=%",
                "/secrets?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=0&k=1&l=2&m=3&n=4&o=5&p=6&q=7"
            })
    void what_could_mean_two_things_is_refused(String uri) {
        refused(uri);
    }

    @Test
    void what_is_too_long_is_refused() {
        refused("/secrets/" + "a".repeat(254));
        refused("/secrets?a=" + "b".repeat(2049));
    }

    @Test
    void any_bytes_are_a_target_or_refused_and_nothing_else() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        var random = new Random(seed);
        String alphabet = "/%?&=;.aA0-+2FfeE5Cc\\ é#:@";
        for (int i = 0; i < 100_000; i++) {
            var uri = new StringBuilder("/");
            for (int length = random.nextInt(30); length > 0; length--) {
                uri.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(Target.parse(uri.toString()).segments())
                        .as("seed %d, %s", seed, uri)
                        .allMatch(segment -> segment.matches("[0-9A-Za-z._-]*"))
                        .doesNotContain(".", "..");
            } catch (RestException e) {
                assertThat(e.status()).as("seed %d, %s", seed, uri).isEqualTo(400);
            }
        }
    }

    private static void refused(String uri) {
        assertThatThrownBy(() -> Target.parse(uri))
                .isInstanceOfSatisfying(
                        RestException.class, e -> assertThat(e.status()).isEqualTo(400));
    }
}
