package dev.kluis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out for each line of a list of wrapped keys. */
class RewrappingTest {

    private static final String OLD = "0123456789abcdef0123456789abcdef";
    private static final String CURRENT = "ffffffffffffffffffffffffffffffff";
    private static final String KID = "https://payments.vault.svc.cluster.local/keys/kek/";

    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int answers = Integer.MAX_VALUE;

    /** A key whose wrapping is seen: {@code by-VERSION-KEY}. */
    private final Rewrapping.Keys keys = new Rewrapping.Keys() {
        @Override
        public String unwrap(String version, String algorithm, String value) {
            asked.add("unwrap " + version + " " + algorithm);
            if (answers-- <= 0) {
                throw new CommandException(Exit.UNREACHABLE, "nothing answers there");
            }
            if (value.startsWith("forbidden")) {
                throw CommandException.forbidden("ForbiddenByRbac");
            }
            if (!value.startsWith("by-" + version + "-")) {
                throw CommandException.usage("it does not unwrap");
            }
            return value.substring(("by-" + version + "-").length());
        }

        @Override
        public String wrap(String version, String algorithm, String value) {
            asked.add("wrap " + version + " " + algorithm);
            return "by-" + version + "-" + value;
        }
    };

    private Rewrapping rewrapping(String version) {
        return new Rewrapping(keys, "kek", CURRENT, version, "RSA-OAEP-256", told::add);
    }

    private static String json(String version, String value) {
        return "{\"kid\":\"" + KID + version + "\",\"value\":\"" + value + "\"}";
    }

    @Test
    void a_line_of_json_comes_out_under_the_current_version_with_its_other_members_as_they_were() {
        var rewrapping = rewrapping("");
        assertThat(rewrapping.next("{\"id\":7.10,\"kid\":\"" + KID + OLD + "\",\"alg\":\"A256KW\",\"value\":\"by-" + OLD
                        + "-k\"}"))
                .isEqualTo("{\"id\":7.10,\"kid\":\"" + KID + CURRENT + "\",\"alg\":\"A256KW\",\"value\":\"by-" + CURRENT
                        + "-k\"}");
        assertThat(asked).containsExactly("unwrap " + OLD + " A256KW", "wrap " + CURRENT + " A256KW");
    }

    @Test
    void a_wrapped_key_alone_comes_out_alone() {
        var rewrapping = rewrapping(OLD);
        assertThat(rewrapping.next("by-" + OLD + "-k")).isEqualTo("by-" + CURRENT + "-k");
        assertThat(asked).containsExactly("unwrap " + OLD + " RSA-OAEP-256", "wrap " + CURRENT + " RSA-OAEP-256");
    }

    @Test
    void what_came_out_goes_in_again_and_nobody_is_asked() {
        var lines = Stream.of(json(OLD, "by-" + OLD + "-k"), "", json(CURRENT, "by-" + CURRENT + "-l"))
                .toList();
        var first = rewrapping("");
        var once = lines.stream().map(first::next).toList();
        asked.clear();
        var second = rewrapping("");
        assertThat(once.stream().map(second::next).toList()).isEqualTo(once);
        assertThat(asked).isEmpty();
        assertThat(second.counts()).isEqualTo(new Rewrapping.Counts(0, 2, 0, 0, Optional.empty()));
        assertThat(first.counts().rewrapped()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary/not+base64url==",
                "{\"kid\":\"" + KID + OLD + "\"}",
                "{\"kid\":\"" + KID + OLD + "\",\"value\":7.5}",
                "{\"kid\":\"" + KID + "\",\"value\":\"canary\"}",
                "{\"kid\":\"" + KID + "a/../b\",\"value\":\"canary\"}",
                "{\"kid\":\"https://payments.vault.svc.cluster.local/keys/other/" + OLD + "\",\"value\":\"canary\"}",
                "{\"kid\":\"https://payments.vault.svc.cluster.local/secrets/kek/" + OLD + "\",\"value\":\"canary\"}",
                "{\"value\":\"canary\",\"value\":\"another\"}",
                "{\"value\":\"canary\"} {}",
                "{\"value\":\"canary\"",
                "{\"value\":\"canary\"}",
                "canary"
            })
    void a_line_that_is_not_understood_comes_out_as_it_was_and_its_number_is_told(String line) {
        var rewrapping = rewrapping("");
        rewrapping.next(json(CURRENT, "v"));
        assertThat(rewrapping.next(line)).isEqualTo(line);
        assertThat(told).singleElement().asString().startsWith("line 2: ").doesNotContain("canary");
        assertThat(asked).isEmpty();
        assertThat(rewrapping.counts().failed()).isOne();
    }

    @Test
    void one_that_does_not_unwrap_holds_up_no_other() {
        var rewrapping = rewrapping("");
        String broken = json(OLD, "by-another-k");
        assertThat(rewrapping.next(broken)).isEqualTo(broken);
        assertThat(rewrapping.next(json(OLD, "by-" + OLD + "-k"))).contains(CURRENT);
        assertThat(told).containsExactly("line 1: it does not unwrap");
        assertThat(rewrapping.counts().stopped()).isEmpty();
    }

    @Test
    void once_nobody_answers_the_rest_comes_out_as_it_was_and_nobody_is_asked_again() {
        answers = 1;
        var rewrapping = rewrapping("");
        String good = json(OLD, "by-" + OLD + "-k");
        assertThat(rewrapping.next(good)).contains(CURRENT);
        for (int i = 0; i < 5; i++) {
            assertThat(rewrapping.next(good)).isEqualTo(good);
        }
        assertThat(asked).hasSize(3);
        var counts = rewrapping.counts();
        assertThat(counts.stopped().orElseThrow().exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(counts.failed()).isOne();
        assertThat(counts.skipped()).isEqualTo(4);
        assertThat(counts.lines()).isEqualTo(6);
    }

    @Test
    void who_may_not_is_told_once() {
        var rewrapping = rewrapping(OLD);
        assertThat(rewrapping.next("forbidden")).isEqualTo("forbidden");
        assertThat(rewrapping.next("forbidden")).isEqualTo("forbidden");
        assertThat(told).hasSize(1);
        assertThat(rewrapping.counts().stopped().orElseThrow().exit()).isEqualTo(Exit.REFUSED);
    }

    @Test
    void a_key_is_found_in_every_form_of_its_url() {
        assertThat(ObjectUrl.of("keys", KID + OLD)).isEqualTo(new ObjectUrl("kek", OLD));
        assertThat(ObjectUrl.of("keys", "https://localhost:8444/vaults/keys/keys/keys/keys/" + OLD))
                .isEqualTo(new ObjectUrl("keys", OLD));
        assertThat(ObjectUrl.of("keys", "https://kv.vault.azure.net/keys/keys")).isEqualTo(new ObjectUrl("keys", ""));
        assertThat(ObjectUrl.of("keys", "kek")).isEqualTo(new ObjectUrl("", ""));
    }
}
