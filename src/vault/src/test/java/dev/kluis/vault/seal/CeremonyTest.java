package dev.kluis.vault.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.ShareSet.Dealt;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A root that officers make together, and everything that must not make it. */
class CeremonyTest {

    private final SecureRandom random = new SecureRandom();
    private final List<RecipientKeyPair> officers =
            Stream.generate(() -> RecipientKeyPair.generate(random)).limit(3).toList();
    private final SealingKey root = SealingKey.generate(random);
    private final Dealt dealt = deal(root, 1, Optional.empty());
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Ceremony ceremony = new Ceremony(dealt.set(), () -> now, random);

    private Dealt deal(SealingKey key, int generation, Optional<Map.Entry<Integer, SealingKey>> before) {
        return ShareSet.deal(
                key,
                generation,
                2,
                officers.stream().map(RecipientKeyPair::publicKey).toList(),
                before,
                Instant.EPOCH,
                random);
    }

    private String submission(Dealt from, int index) {
        try {
            return ShareFile.parse(from.shareFiles().get(index - 1))
                    .submission(officers.get(index - 1), ceremony.progress().key(), random);
        } catch (SealedBytesException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] raw(SealingKey key) {
        return key.reveal(SecretAccess.GRANTED).reveal(SecretAccess.GRANTED);
    }

    private static void isRoot(Optional<SortedMap<Integer, SealingKey>> roots, SealingKey expected) {
        assertThat(roots).isPresent();
        assertThat(raw(roots.orElseThrow().get(1))).isEqualTo(raw(expected));
    }

    private void refused(String submission, String why) {
        assertThatThrownBy(() -> ceremony.submit(submission))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining(why);
    }

    @Test
    void any_two_of_three_officers_make_the_root() {
        for (int[] pair : new int[][] {{1, 2}, {2, 3}, {3, 1}}) {
            assertThat(ceremony.submit(submission(dealt, pair[0]))).isEmpty();
            assertThat(ceremony.progress().submitted()).containsExactly(pair[0]);
            isRoot(ceremony.submit(submission(dealt, pair[1])), root);
            assertThat(ceremony.progress().submitted()).isEmpty();
        }
    }

    @Test
    void the_same_share_twice_is_one_share() {
        assertThat(ceremony.submit(submission(dealt, 1))).isEmpty();
        assertThat(ceremony.submit(submission(dealt, 1))).isEmpty();
        assertThat(ceremony.progress().submitted()).containsExactly(1);
    }

    @Test
    void a_wrong_share_is_named_and_the_right_ones_stay() throws Exception {
        ceremony.submit(submission(dealt, 1));
        var other = deal(SealingKey.generate(random), 1, Optional.empty());
        refused(submission(other, 2), "of the set " + other.set().id());

        // Of the right set by its own word, with a share of another.
        var file = ShareFile.parse(other.shareFiles().get(1));
        var share = officers.get(1).open(file.sealed(), contextOf(file), new byte[0]);
        String forged = forged(dealt.set().id(), 2, share);
        refused(forged, "share 2 is not the one that was dealt");

        assertThat(ceremony.progress().submitted()).containsExactly(1);
        isRoot(ceremony.submit(submission(dealt, 3)), root);
    }

    private static byte[] contextOf(ShareFile file) throws Exception {
        byte[] all = java.util.Base64.getUrlDecoder().decode(file.text().substring("kluis-share1:".length()));
        byte[] context = java.util.Arrays.copyOf(new byte[] {'K', 'L', 'O', 1}, 4 + 39);
        System.arraycopy(all, 0, context, 4, 39);
        return context;
    }

    private String forged(String set, int index, dev.kluis.crypto.SecretBytes share) {
        byte[] header = java.nio.ByteBuffer.allocate(17)
                .put(java.util.HexFormat.of().parseHex(set))
                .put((byte) index)
                .array();
        byte[] context = java.nio.ByteBuffer.allocate(21)
                .put(new byte[] {'K', 'L', 'U', 1})
                .put(header)
                .array();
        byte[] sealed = ceremony.progress().key().seal(share, context, new byte[0], random);
        byte[] all = java.nio.ByteBuffer.allocate(17 + sealed.length)
                .put(header)
                .put(sealed)
                .array();
        return "kluis-submission1:"
                + java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    @Test
    void a_submission_is_good_for_one_ceremony_only() {
        String first = submission(dealt, 1);
        ceremony.submit(first);
        ceremony.submit(submission(dealt, 2));

        refused(first, "sealed for another ceremony");
        assertThat(ceremony.progress().submitted()).isEmpty();
    }

    @Test
    void shares_are_dropped_ten_minutes_after_the_first() {
        ceremony.submit(submission(dealt, 1));
        now = now.plus(Ceremony.LIMIT).minusMillis(1);
        assertThat(ceremony.progress().submitted()).containsExactly(1);

        now = now.plus(Duration.ofMillis(1));

        assertThat(ceremony.progress().submitted()).isEmpty();
        assertThat(ceremony.submit(submission(dealt, 2))).isEmpty();
    }

    @Test
    void too_many_wrong_submissions_end_it() {
        ceremony.submit(submission(dealt, 1));
        var key = ceremony.progress().key();
        for (int i = 0; i < Ceremony.MAX_WRONG; i++) {
            refused("kluis-submission1:AAAA", "not a text of the form");
        }

        assertThat(ceremony.progress().submitted()).isEmpty();
        assertThat(ceremony.progress().key()).isNotEqualTo(key);
    }

    @Test
    void a_share_file_opens_for_its_officer_only_and_not_when_it_was_changed() throws Exception {
        var file = ShareFile.parse(dealt.shareFiles().getFirst());
        assertThat(file.toString()).startsWith("share 1 of 3, any 2 of them");
        assertThatThrownBy(() ->
                        file.submission(officers.get(1), ceremony.progress().key(), random))
                .isInstanceOf(SealedBytesException.class)
                .hasMessageContaining("the share is for the officer's key "
                        + officers.getFirst().publicKey().id());
        var more = new ShareFile(
                file.set(), file.generation(), file.index(), 1, file.officers(), file.officer(), file.sealed());
        assertThatThrownBy(() ->
                        more.submission(officers.getFirst(), ceremony.progress().key(), random))
                .isInstanceOf(SealedBytesException.class);
    }

    @Test
    void the_root_before_comes_with_the_new_one_until_it_is_no_longer_needed() {
        var old = SealingKey.generate(random);
        var next = deal(root, 2, Optional.of(Map.entry(1, old)));

        var roots = next.set().roots(root).orElseThrow();

        assertThat(roots.keySet()).containsExactly(1, 2);
        assertThat(raw(roots.get(1))).isEqualTo(raw(old));
        assertThat(next.set().withoutPrevious().roots(root).orElseThrow().keySet())
                .containsExactly(2);
        assertThat(next.set().roots(old)).isEmpty();
    }

    @Test
    void the_state_is_written_and_read_again_and_anything_else_is_refused() throws Exception {
        var set = deal(root, 2, Optional.of(Map.entry(1, SealingKey.generate(random))))
                .set();
        var data = set.encode();
        assertThat(ShareSet.decode(data)).isEqualTo(set);

        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var changes = new Random(seed);
        var names = List.copyOf(data.keySet());
        for (int round = 0; round < 5_000; round++) {
            var changed = new TreeMap<>(data);
            String name = names.get(changes.nextInt(names.size()));
            var value = new StringBuilder(changed.get(name));
            switch (changes.nextInt(4)) {
                case 0 -> changed.remove(name);
                case 1 -> changed.put(name + "x", value.toString());
                case 2 -> changed.put(name, value.substring(changes.nextInt(value.length())) + " ");
                default -> {
                    value.setCharAt(changes.nextInt(value.length()), (char) changes.nextInt(128));
                    changed.put(name, value.toString());
                }
            }
            try {
                assertThat(ShareSet.decode(changed).encode()).isEqualTo(changed);
            } catch (SealedBytesException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void any_share_file_or_submission_is_read_or_refused() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var changes = new Random(seed);
        String file = dealt.shareFiles().getFirst();
        String submission = submission(dealt, 1);
        for (int round = 0; round < 20_000; round++) {
            try {
                ShareFile.parse(mutated(file, changes))
                        .submission(officers.getFirst(), ceremony.progress().key(), random);
            } catch (SealedBytesException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            try {
                ceremony.submit(mutated(submission, changes));
            } catch (VaultException e) {
                assertThat(e.code()).isEqualTo(VaultException.Code.BAD_PARAMETER);
            }
        }
    }

    private static String mutated(String text, Random changes) {
        var changed = new StringBuilder(text);
        changed.setLength(changes.nextInt(5) == 0 ? 1 + changes.nextInt(text.length() + 9) : text.length());
        String alphabet = "ABCDwxyz0189-_";
        for (int i = changes.nextInt(3); i >= 0; i--) {
            changed.setCharAt(changes.nextInt(changed.length()), alphabet.charAt(changes.nextInt(alphabet.length())));
        }
        return changed.toString();
    }
}
