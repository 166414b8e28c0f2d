package dev.kluis.vault.seal;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.seal.SealState.Held;
import dev.kluis.vault.store.ConflictException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The seal of kind {@code shamir}: the root is nowhere but in this process's memory after officers submitted enough
 * shares. docs/reference/seals.md, "The ceremony".
 */
public final class ShamirSeal implements Roots {

    private final SealState state;
    private final BooleanSupplier recordsExist;
    private final InstantSource clock;
    private final SecureRandom random;
    private @Nullable Ceremony unsealing;
    private @Nullable Ceremony replacing;
    private @Nullable RootKeySeal seal;

    /** @param recordsExist whether anything in the store needs a root */
    public ShamirSeal(SealState state, BooleanSupplier recordsExist, InstantSource clock, SecureRandom random) {
        this.state = state;
        this.recordsExist = recordsExist;
        this.clock = clock;
        this.random = random;
    }

    /** How the seal stands. */
    public enum Phase {
        /** No root was ever dealt. */
        NOT_INITIALISED,
        /** Officers must submit shares. */
        SEALED,
        UNSEALED
    }

    /**
     * What anybody may know.
     *
     * @param set in force
     * @param ceremony that shares are taken for: to unseal, or to put a new dealing into force
     */
    public record View(Phase phase, Optional<ShareSet> set, Optional<Ceremony.Progress> ceremony) {}

    /** The seal, once enough shares were submitted. */
    public synchronized Optional<RootKeySeal> seal() {
        return Optional.ofNullable(seal);
    }

    public synchronized View view() {
        var set = state.read().map(ShamirSeal::decode);
        if (set.isEmpty()) {
            return new View(Phase.NOT_INITIALISED, set, Optional.empty());
        }
        if (seal != null) {
            return new View(Phase.UNSEALED, set, Optional.ofNullable(replacing).map(Ceremony::progress));
        }
        return new View(Phase.SEALED, set, Optional.of(unsealing(set.get()).progress()));
    }

    /**
     * Makes a root and deals it. Only the public part is kept; the share files are the result and nowhere else.
     *
     * @return the share file of each officer, in their order
     * @throws VaultException once there are records, since those need the root that there is
     */
    public synchronized List<String> init(int threshold, List<RecipientKey> officers) {
        var held = state.read();
        if (seal != null) {
            throw new VaultException(Code.CONFLICT, "Kluis is unsealed: split the root again instead");
        }
        if (recordsExist.getAsBoolean()) {
            throw new VaultException(
                    Code.CONFLICT,
                    held.isPresent()
                            ? "there are records, which need the root that was dealt already: unseal with its shares"
                            : "there are records, and the seal's state is missing: restore the ConfigMap kluis-seal");
        }
        try (var root = SealingKey.generate(random)) {
            var dealt = deal(root, 1, threshold, officers, Optional.empty());
            state.put(held.map(Held::tag), dealt.set().encode());
            unsealing = null;
            return dealt.shareFiles();
        } catch (ConflictException e) {
            throw new VaultException(Code.CONFLICT, "somebody else initialised the seal at the same time");
        }
    }

    /**
     * Takes a share, to unseal or, when unsealed, to put a new dealing into force.
     *
     * @throws VaultException when it is a wrong one or none is asked for
     */
    public synchronized View submit(String submission) {
        var held =
                state.read().orElseThrow(() -> new VaultException(Code.CONFLICT, "the seal was not initialised yet"));
        if (seal == null) {
            var set = decode(held);
            unsealing(set).submit(submission).ifPresent(roots -> seal = new RootKeySeal(ShareSet.KIND, roots, random));
        } else if (replacing != null) {
            var next = replacing;
            next.submit(submission).ifPresent(roots -> replace(held, next.set(), roots));
        } else {
            throw new VaultException(Code.CONFLICT, "Kluis is unsealed already");
        }
        return view();
    }

    /**
     * Makes a new root and deals it to these officers. Nothing changes until enough of the new shares were submitted.
     *
     * @return the share file of each officer, in their order
     */
    public synchronized List<String> resplit(int threshold, List<RecipientKey> officers) {
        if (seal == null) {
            throw new VaultException(Code.CONFLICT, "Kluis is sealed: unseal it first");
        }
        if (rotating()) {
            throw new VaultException(Code.CONFLICT, "the rotation to the newest root is not over yet: try again later");
        }
        int generation = seal.newest();
        try (var root = SealingKey.generate(random)) {
            var dealt =
                    deal(root, generation + 1, threshold, officers, Optional.of(Map.entry(generation, seal.root())));
            replacing = new Ceremony(dealt.set(), clock, random);
            return dealt.shareFiles();
        }
    }

    /** Keeps the new dealing first and uses its root then: killed in between, the new shares unseal both roots. */
    private void replace(Held held, ShareSet next, SortedMap<Integer, SealingKey> roots) {
        try {
            state.put(Optional.of(held.tag()), next.encode());
        } catch (ConflictException e) {
            boolean ours = state.read()
                    .map(ShamirSeal::decode)
                    .filter(there -> there.id().equals(next.id()))
                    .isPresent();
            if (!ours) {
                throw new VaultException(Code.CONFLICT, "the seal's state was changed by somebody else: split again");
            }
        }
        Objects.requireNonNull(seal).add(next.generation(), Objects.requireNonNull(roots.get(next.generation())));
        replacing = null;
    }

    @Override
    public synchronized boolean rotating() {
        return seal != null
                && state.read()
                        .map(ShamirSeal::decode)
                        .filter(set -> set.previous().isPresent())
                        .isPresent();
    }

    @Override
    public synchronized void finish() {
        var held = state.read();
        var set = held.map(ShamirSeal::decode);
        if (seal == null || set.isEmpty() || set.get().generation() != seal.newest()) {
            throw new VaultException(Code.CONFLICT, "the seal's state is not that of the newest root");
        }
        try {
            state.put(held.map(Held::tag), set.get().withoutPrevious().encode());
        } catch (ConflictException e) {
            throw new VaultException(Code.CONFLICT, "the seal's state was changed at the same time: done again later");
        }
    }

    private ShareSet.Dealt deal(
            SealingKey root,
            int generation,
            int threshold,
            List<RecipientKey> officers,
            Optional<Map.Entry<Integer, SealingKey>> before) {
        try {
            return ShareSet.deal(root, generation, threshold, officers, before, clock.instant(), random);
        } catch (IllegalArgumentException e) {
            throw new VaultException(Code.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
    }

    private Ceremony unsealing(ShareSet set) {
        if (unsealing == null || !unsealing.set().equals(set)) {
            unsealing = new Ceremony(set, clock, random);
        }
        return unsealing;
    }

    private static ShareSet decode(Held held) {
        held.requireKind(ShareSet.KIND);
        try {
            return ShareSet.decode(held.data());
        } catch (SealedBytesException e) {
            throw new VaultException(
                    Code.UNREADABLE,
                    "the ConfigMap kluis-seal was changed by hand: restore it (" + e.getMessage() + ")");
        }
    }
}
