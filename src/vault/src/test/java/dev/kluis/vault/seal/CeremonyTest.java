package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.OfficerKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.ShareSet.Dealt;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
        byte[] all = Base64.getUrlDecoder().decode(file.text().substring("kluis-share1:".length()));
        byte[] context = Arrays.copyOf(new byte[] {'K', 'L', 'O', 1}, 4 + 39);
        System.arraycopy(all, 0, context, 4, 39);
        return context;
    }

    private String forged(String set, int index, SecretBytes share) {
        byte[] header = ByteBuffer.allocate(17)
                .put(HexFormat.of().parseHex(set))
                .put((byte) index)
                .array();
        byte[] context = ByteBuffer.allocate(21)
                .put(new byte[] {'K', 'L', 'U', 1})
                .put(header)
                .array();
        byte[] sealed = ceremony.progress().key().seal(share, context, new byte[0], random);
        byte[] all =
                ByteBuffer.allocate(17 + sealed.length).put(header).put(sealed).array();
        return "kluis-submission1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
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

    private static final Path VECTORS = Path.of("../../docs/reference/seals-vectors.properties");

    /** Bytes of the vectors: 00, 01, 02, ... from call to call. */
    private static final class Counting extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private byte next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = next++;
            }
        }
    }

    private static SecretBytes filled(int with) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) with);
        return SecretBytes.owning(raw);
    }

    /** {@code -Dkluis.vectors.write=true} writes them. */
    @Test
    void the_vectors_are_what_is_dealt_and_they_make_the_root() throws Exception {
        var vectorOfficers = Stream.of(0xa1, 0xa2, 0xa3)
                .map(with -> RecipientKeyPair.of(filled(with)))
                .toList();
        var vectorRoot = SealingKey.of(filled(0x11));
        var counting = new Counting();
        var dealing = ShareSet.deal(
                vectorRoot,
                2,
                2,
                vectorOfficers.stream().map(RecipientKeyPair::publicKey).toList(),
                Optional.of(Map.entry(1, SealingKey.of(filled(0x10)))),
                Instant.parse("2026-01-02T03:04:05Z"),
                counting);
        var made = new TreeMap<String, String>();
        dealing.set().encode().forEach((name, value) -> made.put("state." + name, value));
        for (int i = 1; i <= 3; i++) {
            made.put("share." + i, dealing.shareFiles().get(i - 1));
            made.put("officer." + i, OfficerKey.write(vectorOfficers.get(i - 1)));
        }
        made.put("officer.1.protected", OfficerKey.write(vectorOfficers.getFirst(), passphrase(), counting));
        if (Boolean.getBoolean("kluis.vectors.write")) {
            Files.writeString(
                    VECTORS,
                    made.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }

        var vectors = new Properties();
        try (var in = Files.newBufferedReader(VECTORS)) {
            vectors.load(in);
        }
        assertThat(vectors).containsExactlyInAnyOrderEntriesOf(made);
        var unsealing = new Ceremony(dealing.set(), () -> now, random);
        var first = OfficerKey.read(vectors.getProperty("officer.1.protected"), passphrase());
        var third = OfficerKey.read(vectors.getProperty("officer.3"), SecretBytes.owning(new byte[0]));
        var key = unsealing.progress().key();
        unsealing.submit(ShareFile.parse(vectors.getProperty("share.1")).submission(first, key, random));
        var roots =
                unsealing.submit(ShareFile.parse(vectors.getProperty("share.3")).submission(third, key, random));
        assertThat(raw(roots.orElseThrow().get(2))).isEqualTo(raw(vectorRoot));
        assertThat(raw(roots.orElseThrow().get(1))).isEqualTo(raw(SealingKey.of(filled(0x10))));
    }

    private static SecretBytes passphrase() {
        return SecretBytes.owning("correct horse battery staple".getBytes(UTF_8));
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
