package dev.kluis.vault.seal;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.Shamir;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.ShareFile.Submission;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects the shares of one set until there are enough. Shares are in memory only, no longer than ten minutes after the
 * first of them; whatever ends a ceremony begins the next with another key, so that no submission is good twice.
 */
public final class Ceremony {

    /** How long shares are kept, from the first one on. */
    public static final Duration LIMIT = Duration.ofMinutes(10);
    /** How many wrong submissions end it. */
    public static final int MAX_WRONG = 20;

    private final ShareSet set;
    private final InstantSource clock;
    private final SecureRandom random;
    private final SortedMap<Integer, SecretBytes> shares = new TreeMap<>();
    private RecipientKeyPair key;
    private int wrong;
    private Instant ends = Instant.MAX;

    public Ceremony(ShareSet set, InstantSource clock, SecureRandom random) {
        this.set = set;
        this.clock = clock;
        this.random = random;
        this.key = RecipientKeyPair.generate(random);
    }

    /**
     * How far it is.
     *
     * @param set that shares are taken of
     * @param key that shares are sealed to
     * @param submitted the indexes of the shares that are there
     * @param ends when they are dropped, if there are any
     */
    public record Progress(
            String set,
            RecipientKey key,
            int threshold,
            int officers,
            List<Integer> submitted,
            Optional<Instant> ends) {}

    public ShareSet set() {
        return set;
    }

    public synchronized Progress progress() {
        dropWhatIsOver();
        return new Progress(
                set.id(),
                key.publicKey(),
                set.threshold(),
                set.officers().size(),
                List.copyOf(shares.keySet()),
                shares.isEmpty() ? Optional.empty() : Optional.of(ends));
    }

    /**
     * Takes a share; submitting the same one twice changes nothing.
     *
     * @return the roots, once there are enough shares
     * @throws VaultException when it is a wrong one; the message says which and what to do
     */
    public synchronized Optional<SortedMap<Integer, SealingKey>> submit(String text) {
        dropWhatIsOver();
        try {
            var submission = Submission.parse(text);
            if (!submission.set().equals(set.id())) {
                throw new SealedBytesException("the share is of the set " + submission.set() + ", and this one is "
                        + set.id() + ": use the share files of the newest dealing");
            }
            take(submission);
        } catch (SealedBytesException e) {
            if (++wrong >= MAX_WRONG) {
                begin();
            }
            throw new VaultException(VaultException.Code.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
        return shares.size() < set.threshold() ? Optional.empty() : Optional.of(finish());
    }

    private void take(Submission submission) throws SealedBytesException {
        SecretBytes share;
        try {
            share = submission.open(key);
        } catch (SealedBytesException e) {
            throw new SealedBytesException("the share was sealed for another ceremony, or changed: this one began"
                    + " anew since; submit it again");
        }
        if (!set.isShare(submission.index(), share)) {
            share.close();
            throw new SealedBytesException(
                    "share " + submission.index() + " is not the one that was dealt: find the right share file");
        }
        if (shares.isEmpty()) {
            ends = clock.instant().plus(LIMIT);
        }
        Optional.ofNullable(shares.put(submission.index(), share)).ifPresent(SecretBytes::close);
    }

    private SortedMap<Integer, SealingKey> finish() {
        var root = SealingKey.of(Shamir.combine(shares));
        begin();
        return set.roots(root).orElseThrow(() -> {
            root.close();
            return new VaultException(
                    VaultException.Code.CONFLICT,
                    "the shares are right and do not make the root: the seal's state was changed; restore it");
        });
    }

    private void dropWhatIsOver() {
        if (!clock.instant().isBefore(ends)) {
            begin();
        }
    }

    /** Forgets all shares. */
    private void begin() {
        shares.values().forEach(SecretBytes::close);
        shares.clear();
        key.close();
        key = RecipientKeyPair.generate(random);
        wrong = 0;
        ends = Instant.MAX;
    }
}
