package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.audit.AuditVerification.Finding;
import dev.kluis.vault.audit.AuditVerification.Kind;
import dev.kluis.vault.audit.AuditVerification.Options;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditVerificationTest {

    private static final int ROUNDS = Integer.getInteger("kluis.audit.rounds", 500);

    private static final Instant END = Instant.parse("2026-01-01T01:00:00Z");

    private final Lines written = new Lines();
    private List<String> log = List.of();

    /** Three processes: one stopped, one was killed, one stopped. */
    @BeforeEach
    void write() throws Exception {
        written.chain.signWith(Lines.KEY);
        written.records(0, 12).chain.close();
        written.now = END;
        written.start("2", written.last()).signWith(Lines.KEY);
        written.records(12, 21);
        written.start("3", written.last()).signWith(Lines.KEY);
        written.records(21, 30).chain.close();
        log = new ArrayList<>(written.all);
    }

    private static List<Kind> kinds(AuditVerification.Report report) {
        return report.findings().stream().map(Finding::kind).toList();
    }

    @Test
    void a_whole_log_is_complete_and_says_how_far_the_signatures_reach() {
        var report = Lines.verify(log);

        assertThat(report.findings()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.lines()).isEqualTo(log.size());
        assertThat(report.instances()).hasSize(3);
        var killed = report.instances().get(1);
        assertThat(killed.inOrder()).isFalse();
        assertThat(killed.signedUpTo()).isEqualTo(OptionalLong.of(6));
        assertThat(killed.unsigned()).isEqualTo(4);
    }

    @Test
    void attack_10_an_edit_shows_at_the_next_line() {
        log.set(3, log.get(3).replace("FORBIDDEN", "Success").replace("object-", "objekt-"));
        var report = Lines.verify(log);

        assertThat(kinds(report)).containsExactly(Kind.EDITED);
        assertThat(report.findings().getFirst().place()).isEqualTo("audit.log:5");
    }

    @Test
    void attack_10_a_deletion_and_a_move_are_found() {
        var deleted = new ArrayList<>(log);
        deleted.remove(3);
        assertThat(kinds(Lines.verify(deleted))).containsExactly(Kind.MISSING);

        var moved = new ArrayList<>(log);
        moved.add(9, moved.remove(3));
        assertThat(kinds(Lines.verify(moved))).contains(Kind.MISSING, Kind.OUT_OF_ORDER);
    }

    @Test
    void attack_10_a_cut_tail_is_not_called_complete_and_the_last_signature_says_how_far_it_reaches() {
        var report = Lines.verify(log.subList(0, log.size() - 3));

        assertThat(report.intact()).isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(report.instances().getLast().inOrder()).isFalse();
        assertThat(report.instances().getLast().signedUpTo()).isEqualTo(OptionalLong.of(6));
        assertThat(report.instances().getLast().unsigned()).isEqualTo(2);
    }

    @Test
    void attack_10_processes_cut_off_behind_a_stop_show_to_who_knows_a_time_when_one_ran() {
        var report = Lines.verify(log.subList(0, lineOf("\"2222", 0)));

        assertThat(report.complete()).isTrue();
        assertThat(report.signedUntil()).hasValue(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(Lines.verify(log).signedUntil()).hasValue(END);

        var until = new Options(false, false, Optional.empty(), Optional.of(END));
        assertThat(kinds(Lines.verify(log.subList(0, lineOf("\"2222", 0)), until, Lines.KEY)))
                .containsExactly(Kind.MISSING);
        assertThat(Lines.verify(log, until, Lines.KEY).complete()).isTrue();
    }

    @Test
    void attack_10_the_cut_tail_of_a_killed_process_is_found_by_the_start_of_the_next() {
        int start = lineOf("\"3333", 0);
        var cut = new ArrayList<>(log.subList(0, start - 2));
        cut.addAll(log.subList(start, log.size()));

        assertThat(kinds(Lines.verify(cut))).containsExactly(Kind.MISSING);

        var edited = new ArrayList<>(log);
        edited.set(start - 1, edited.get(start - 1).replace("object-", "objekt-"));
        assertThat(kinds(Lines.verify(edited))).containsExactly(Kind.EDITED);
    }

    @Test
    void attack_10_a_whole_process_left_out_or_made_up_is_found() {
        int from = lineOf("\"2222", 0);
        int to = lineOf("\"3333", 0);
        var without = new ArrayList<>(log.subList(0, from));
        without.addAll(log.subList(to, log.size()));
        assertThat(kinds(Lines.verify(without))).containsExactly(Kind.MISSING);

        var forged = new Lines();
        forged.start("4", Optional.empty()).signWith(Lines.key(9));
        forged.records(0, 3).chain.close();
        log.addAll(to, forged.all);
        assertThat(kinds(Lines.verify(log))).contains(Kind.UNTRUSTED);
    }

    /** One stopped; one was sealed until it was killed; one was unsealed after some lines, and stopped. */
    private static Lines withSealedProcesses() throws Exception {
        var lines = new Lines();
        lines.chain.signWith(Lines.KEY);
        lines.records(0, 3).chain.close();
        lines.start("2", lines.last());
        lines.ofSeal(0, 3);
        lines.start("3", lines.last());
        lines.ofSeal(3, 5).chain.signWith(Lines.KEY);
        lines.records(0, 3).chain.close();
        return lines;
    }

    @Test
    void what_a_sealed_process_said_is_signed_for_by_its_own_start_or_by_the_next_one_s() throws Exception {
        var lines = withSealedProcesses();
        var report = Lines.verify(lines.all);

        assertThat(report.findings()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.instances()).hasSize(3);
        assertThat(report.instances().get(1).signedUpTo()).isEmpty();
    }

    @Test
    void attack_10_no_line_of_a_sealed_process_is_edited_cut_left_out_or_made_up_unseen() throws Exception {
        var whole = withSealedProcesses().all;
        for (int i = 0; i < whole.size(); i++) {
            var edited = new ArrayList<>(whole);
            edited.set(i, edited.get(i).replace("\"time\":\"2026", "\"time\":\"2025"));
            assertThat(Lines.verify(edited).intact()).as("edit of " + i).isFalse();
            var deleted = new ArrayList<>(whole);
            deleted.remove(i);
            // Behind the last line stands nothing; without it the last process has not stopped in order.
            assertThat(Lines.verify(deleted).complete()).as("deletion of " + i).isFalse();
            if (i < whole.size() - 1) {
                assertThat(Lines.verify(deleted).intact())
                        .as("deletion of " + i)
                        .isFalse();
            }
        }
        int second = lineOf(whole, "\"2222", 0);
        int third = lineOf(whole, "\"3333", 0);
        var without = new ArrayList<>(whole.subList(0, second));
        without.addAll(whole.subList(third, whole.size()));
        assertThat(kinds(Lines.verify(without))).containsExactly(Kind.MISSING);
        assertThat(kinds(Lines.verify(whole.subList(0, third)))).containsExactly(Kind.UNTRUSTED);

        var forged = new Lines();
        forged.start("4", Optional.empty());
        forged.ofSeal(0, 2);
        var more = new ArrayList<>(whole);
        more.addAll(second, forged.all);
        assertThat(kinds(Lines.verify(more))).containsExactly(Kind.UNTRUSTED);
    }

    @Test
    void lines_of_two_processes_may_be_mixed_and_of_other_programs_skipped_when_asked() {
        var first = log.subList(0, lineOf("\"2222", 0));
        var other = new Lines();
        other.start("5", Optional.empty()).signWith(Lines.KEY);
        other.records(0, first.size() - 4).chain.close();
        var mixed = new ArrayList<String>();
        mixed.add("2026-01-01 INFO starting");
        for (int i = 0; i < first.size(); i++) {
            mixed.add("[pod/kluis-operator-1/operator] " + first.get(i));
            if (i < other.all.size()) {
                mixed.add("[pod/kluis-operator-2/operator] " + other.all.get(i));
            }
        }
        var skipping = new Options(true, false, Optional.empty());

        assertThat(Lines.verify(mixed, skipping, Lines.KEY).findings()).isEmpty();
        assertThat(kinds(Lines.verify(mixed))).contains(Kind.MALFORMED);
        mixed.remove(3);
        assertThat(Lines.verify(mixed, skipping, Lines.KEY).findings()).isNotEmpty();
    }

    @Test
    void a_head_that_rotation_removed_is_accepted_only_when_asked() {
        var tail = log.subList(4, log.size());

        assertThat(kinds(Lines.verify(tail))).containsExactly(Kind.MISSING);
        var report = Lines.verify(tail, new Options(false, true, Optional.empty()), Lines.KEY);
        assertThat(report.findings()).isEmpty();
        assertThat(report.instances().getFirst().first()).isEqualTo(4);
    }

    @Test
    void attack_10_every_random_edit_deletion_insertion_move_and_truncation_is_found() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("kluis.seed=" + seed);
        var random = new Random(seed);
        byte[] whole = String.join("\n", log).getBytes(US_ASCII);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] changed = random.nextBoolean() ? mutateBytes(whole, random) : mutateLines(random);
            if (!Arrays.equals(whole, changed)) {
                var report = Lines.verify(changed, Options.STRICT, Lines.KEY);
                assertThat(report.complete() && report.signedUntil().equals(Optional.of(END)))
                        .as("round %d of seed %d:%n%s", round, seed, new String(changed, US_ASCII))
                        .isFalse();
            }
        }
    }

    private static byte[] mutateBytes(byte[] whole, Random random) {
        int at = random.nextInt(whole.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 1 -> Arrays.copyOf(whole, at);
            case 2 -> {
                byte[] longer = Arrays.copyOf(whole, whole.length + 1);
                System.arraycopy(whole, at, longer, at + 1, whole.length - at);
                longer[at] = (byte) random.nextInt(256);
                yield longer;
            }
            default -> {
                byte[] shorter = Arrays.copyOf(whole, whole.length - 1);
                System.arraycopy(whole, at + 1, shorter, at, whole.length - at - 1);
                yield shorter;
            }
        };
    }

    private byte[] mutateLines(Random random) {
        var lines = new ArrayList<>(log);
        int at = random.nextInt(lines.size());
        int to = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(to, lines.get(at));
            case 2 -> lines.add(to, lines.remove(at));
            case 3 -> lines.set(at, lines.get(to));
            default -> lines.subList(Math.min(at, to), Math.max(at, to)).clear();
        }
        return String.join("\n", lines).getBytes(US_ASCII);
    }

    /** For longer: {@code -Dkluis.audit.rounds=1000000}. */
    @Test
    void no_bytes_make_the_parser_fail_otherwise_than_by_its_refusal() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("kluis.seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 10 * ROUNDS; round++) {
            byte[] line = log.get(random.nextInt(log.size())).getBytes(US_ASCII);
            for (int i = random.nextInt(6); i >= 0; i--) {
                line = mutateBytes(line, random);
                if (line.length == 0) {
                    line = new byte[] {'{'};
                }
            }
            try {
                assertThat(AuditLine.parse(line).text()).isEqualTo(new String(line, US_ASCII));
            } catch (AuditLine.MalformedLineException e) {
                assertThat(e).hasMessageMatching("it.*|its .*|something .*");
            }
            var _ = Lines.verify(line, Options.STRICT, Lines.KEY);
        }
    }

    @Test
    void deep_long_doubled_and_strange_lines_are_refused() {
        for (String bad : List.of(
                "",
                "{}",
                "[]",
                "{\"a\":".repeat(10_000),
                "{\"category\":\"AuditEvent\",\"category\":\"AuditEvent\"}",
                "{\"category\":[1]}",
                "{\"category\":null}",
                "{\"category\":1e99}",
                log.getFirst() + " ",
                log.getFirst() + "{}",
                log.getFirst().replace("\"number\":0", "\"number\":00"),
                log.getFirst().replace("\"number\":0", "\"number\":-1"),
                log.getFirst().replace("\"number\":0", "\"number\":" + "9".repeat(30)),
                "x".repeat(AuditLine.LIMIT + 10))) {
            assertThat(Lines.verify(List.of(bad, "")).intact()).as(bad).isFalse();
        }
    }

    private int lineOf(String text, int from) {
        return lineOf(log, text, from);
    }

    private static int lineOf(List<String> lines, String text, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).contains("\"instance\":" + text)
                    && !lines.get(i).contains("\"follows\":{\"instance\":" + text)) {
                return i;
            }
        }
        throw new AssertionError("no line has " + text);
    }
}
