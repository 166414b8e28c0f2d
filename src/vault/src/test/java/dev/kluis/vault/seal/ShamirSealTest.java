package dev.kluis.vault.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.ShamirSeal.Phase;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Initialising, unsealing and dealing anew, with the process killed at every write. */
class ShamirSealTest {

    private static final byte[] USE = {1, 2, 3};

    private final SecureRandom random = new SecureRandom();
    private final List<RecipientKeyPair> officers = pairs(3);
    private final List<RecipientKeyPair> successors = pairs(2);
    private final KeptState state = new KeptState();
    private boolean recordsExist;
    private ShamirSeal seal = start();

    private List<RecipientKeyPair> pairs(int count) {
        return Stream.generate(() -> RecipientKeyPair.generate(random))
                .limit(count)
                .toList();
    }

    /** Another process over what was kept. */
    private ShamirSeal start() {
        return new ShamirSeal(state, () -> recordsExist, () -> Instant.EPOCH, random);
    }

    private static List<RecipientKey> keys(List<RecipientKeyPair> pairs) {
        return pairs.stream().map(RecipientKeyPair::publicKey).toList();
    }

    private void submit(List<String> files, List<RecipientKeyPair> pairs, int... indexes) {
        for (int index : indexes) {
            try {
                var key = seal.view().ceremony().orElseThrow().key();
                seal.submit(ShareFile.parse(files.get(index - 1)).submission(pairs.get(index - 1), key, random));
            } catch (SealedBytesException e) {
                throw new AssertionError(e);
            }
        }
    }

    private byte[] wrapped(SealingKey key) {
        return seal.seal().orElseThrow().wrap(key, USE);
    }

    private void opens(byte[] wrapped, SealingKey key) {
        try {
            assertThat(seal.seal().orElseThrow().unwrap(wrapped, USE).reveal(SecretAccess.GRANTED))
                    .isEqualTo(key.reveal(SecretAccess.GRANTED));
        } catch (SealedBytesException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_restart_seals_and_the_same_shares_unseal_again() {
        assertThat(seal.view().phase()).isEqualTo(Phase.NOT_INITIALISED);
        var files = seal.init(2, keys(officers));
        assertThat(seal.view().phase()).isEqualTo(Phase.SEALED);
        assertThat(seal.seal()).isEmpty();
        submit(files, officers, 1, 2);
        assertThat(seal.view().phase()).isEqualTo(Phase.UNSEALED);
        var key = SealingKey.generate(random);
        byte[] wrapped = wrapped(key);

        seal = start();
        assertThat(seal.view().phase()).isEqualTo(Phase.SEALED);
        submit(files, officers, 3, 1);

        opens(wrapped, key);
        assertThatThrownBy(() -> seal.submit("kluis-submission1:AA")).hasMessageContaining("unsealed already");
    }

    @Test
    void a_root_that_nothing_depends_on_may_be_dealt_again_and_one_with_records_never() {
        var lost = seal.init(2, keys(officers));
        var files = seal.init(2, keys(officers));
        assertThat(files).doesNotContainAnyElementsOf(lost);
        recordsExist = true;

        assertThatThrownBy(() -> seal.init(2, keys(officers)))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("unseal with its shares");
        submit(files, officers, 1, 2);
        assertThat(seal.view().phase()).isEqualTo(Phase.UNSEALED);
    }

    @Test
    void records_without_the_seals_state_never_get_a_new_root() {
        recordsExist = true;

        assertThatThrownBy(() -> seal.init(2, keys(officers))).hasMessageContaining("restore the ConfigMap");
    }

    @Test
    void what_was_kept_holds_no_secret() throws Exception {
        var files = seal.init(2, keys(officers));
        String kept = state.held.orElseThrow().data().toString();
        assertThat(ShareSet.decode(state.held.orElseThrow().data()).officers()).hasSize(3);
        files.forEach(file -> assertThat(kept).doesNotContain(file));
        assertThat(kept).doesNotContain("kluis-share1", "kluis-officer1");
    }

    @Test
    void a_new_dealing_is_in_force_when_its_shares_were_submitted_and_the_old_ones_are_refused_then() {
        var files = seal.init(2, keys(officers));
        submit(files, officers, 1, 2);
        var key = SealingKey.generate(random);
        byte[] old = wrapped(key);

        seal.resplit(2, keys(successors));
        seal = restartSealed(files);
        assertThat(seal.rotating()).isFalse();
        opens(old, key);

        var next = seal.resplit(2, keys(successors));
        submit(next, successors, 1, 2);
        assertThat(seal.rotating()).isTrue();
        assertThat(seal.seal().orElseThrow().current(old)).isFalse();
        opens(old, key);
        byte[] anew = wrapped(key);
        assertThat(seal.seal().orElseThrow().current(anew)).isTrue();
        assertThatThrownBy(() -> seal.resplit(2, keys(officers))).hasMessageContaining("not over yet");

        // Both roots come with the new shares, until the old one is let go.
        seal = start();
        assertThatThrownBy(() -> submit(files, officers, 1)).hasMessageContaining("newest dealing");
        submit(next, successors, 1, 2);
        opens(old, key);
        opens(anew, key);
        seal.finish();
        assertThat(seal.rotating()).isFalse();
        seal = start();
        submit(next, successors, 1, 2);
        opens(anew, key);
        var kept = seal.seal().orElseThrow();
        assertThatThrownBy(() -> kept.unwrap(old, USE)).isInstanceOf(SealedBytesException.class);
    }

    private ShamirSeal restartSealed(List<String> files) {
        seal = start();
        submit(files, officers, 1, 2);
        return seal;
    }

    @Test
    void fault_19_killed_at_any_write_of_a_new_dealing_either_the_old_shares_or_the_new_ones_unseal_everything() {
        for (boolean afterwards : new boolean[] {false, true}) {
            var files = seal.init(2, keys(officers));
            submit(files, officers, 1, 2);
            var key = SealingKey.generate(random);
            byte[] wrapped = wrapped(key);
            var next = seal.resplit(2, keys(successors));
            state.killAt = state.writes;
            state.afterwards = afterwards;
            assertThatThrownBy(() -> submit(next, successors, 1, 2)).hasMessage("killed");

            seal = start();
            if (afterwards) {
                submit(next, successors, 1, 2);
            } else {
                submit(files, officers, 2, 3);
            }
            opens(wrapped, key);

            state.held = Optional.empty();
            seal = start();
        }
    }

    /** Not killed, but the answer to the write was lost: the officers submit again. */
    @Test
    void a_write_whose_answer_was_lost_is_found_done() {
        var files = seal.init(2, keys(officers));
        submit(files, officers, 1, 2);
        var key = SealingKey.generate(random);
        byte[] wrapped = wrapped(key);
        var next = seal.resplit(2, keys(successors));
        state.killAt = state.writes;
        state.afterwards = true;
        assertThatThrownBy(() -> submit(next, successors, 1, 2)).hasMessage("killed");

        submit(next, successors, 1, 2);

        opens(wrapped, key);
        assertThat(seal.seal().orElseThrow().newest()).isEqualTo(2);
    }
}
