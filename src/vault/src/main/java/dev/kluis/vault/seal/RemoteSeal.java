package dev.kluis.vault.seal;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.seal.RemoteKey.Wrapped;
import dev.kluis.vault.seal.SealState.Held;
import dev.kluis.vault.store.ConflictException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The seal of kind {@code keyvault}: the root lies wrapped by a remote key, which is asked at the start, and for a new root or
 * a new version of itself, and not in between. docs/reference/seals.md, "Key Vault".
 */
public final class RemoteSeal implements Roots {

    private final SealState state;
    private final RemoteKey remote;
    private final BooleanSupplier recordsExist;
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile @Nullable RootKeySeal seal;

    /** @param recordsExist whether anything in the store needs a root */
    public RemoteSeal(
            SealState state, RemoteKey remote, BooleanSupplier recordsExist, InstantSource clock, SecureRandom random) {
        this.state = state;
        this.remote = remote;
        this.recordsExist = recordsExist;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A change that needs the remote key no more, and is not made yet.
     *
     * @param operation as the audit calls it
     * @param what for people
     */
    public record Prepared(String operation, String what, Runnable make) {}

    /**
     * Makes the root at the first start, and has it unwrapped at every other.
     *
     * @throws VaultException when it is for an administrator to put right what is kept; the message says how
     */
    public synchronized RootKeySeal unseal() throws RemoteKeyException {
        var held = state.read();
        var made = new RootKeySeal(WrappedRoot.KIND, held.isPresent() ? roots(decode(held.get())) : first(), random);
        seal = made;
        return made;
    }

    private SortedMap<Integer, SealingKey> first() throws RemoteKeyException {
        if (recordsExist.getAsBoolean()) {
            throw new VaultException(
                    Code.CONFLICT,
                    "there are records, and the ConfigMap kluis-seal with their wrapped root key is missing: restore it, or"
                            + " set seal.kind to what it was");
        }
        var root = SealingKey.generate(random);
        var wrapped = wrapped(1, root, Optional.empty(), "");
        try {
            state.put(Optional.empty(), wrapped.encode());
            return new TreeMap<>(Map.of(1, root));
        } catch (ConflictException e) {
            // Of two that start for the first time at once, one keeps its root and the other takes that.
            root.close();
            return roots(decode(state.read().orElseThrow()));
        }
    }

    private WrappedRoot wrapped(
            int generation, SealingKey root, Optional<Map.Entry<Integer, SealingKey>> before, String rotated)
            throws RemoteKeyException {
        try (var wrapping = SealingKey.generate(random)) {
            return WrappedRoot.of(
                    generation, root, wrapping, wrapProven(wrapping), before, rotated, clock.instant(), random);
        }
    }

    /** What does not unwrap again is found while it may still be thrown away. */
    private Wrapped wrapProven(SealingKey wrapping) throws RemoteKeyException {
        try (var raw = wrapping.reveal(SecretAccess.GRANTED)) {
            var wrapped = remote.wrap(raw);
            try (var again = remote.unwrap(wrapped)) {
                if (!again.equals(raw)) {
                    throw new RemoteKeyException(
                            "the key of seal.keyvault.key does not unwrap what it wraps: give another key");
                }
            }
            return wrapped;
        }
    }

    private SortedMap<Integer, SealingKey> roots(WrappedRoot kept) throws RemoteKeyException {
        if (!kept.key().by().isOfSameKeyAs(remote.id())) {
            throw new VaultException(
                    Code.CONFLICT,
                    "the root key is wrapped by another key than that of seal.keyvault.key: the ConfigMap kluis-seal says by"
                            + " which; set it to that");
        }
        try (var wrapping = key(remote.unwrap(kept.key()))) {
            return kept.roots(wrapping);
        } catch (SealedBytesException e) {
            throw new VaultException(
                    Code.UNREADABLE,
                    "the remote key unwraps what the ConfigMap kluis-seal holds, and that does not open the root key: the"
                            + " ConfigMap was changed; restore it");
        }
    }

    private static SealingKey key(SecretBytes raw) throws SealedBytesException {
        if (raw.length() != SealingKey.LENGTH) {
            raw.close();
            throw new SealedBytesException("what was wrapped is no key");
        }
        return SealingKey.of(raw);
    }

    /**
     * What there is to do now: a new root where somebody asked for one, or the root under the remote key's current version
     * where an older one wrapped it.
     *
     * @param look whether to ask the remote key for its current version, and so whether it would unseal
     * @throws VaultException when what is kept does not fit to what is in use
     */
    public synchronized Optional<Prepared> due(boolean look) throws RemoteKeyException {
        var using = seal;
        if (using == null) {
            return Optional.empty();
        }
        var held = state.read().orElseThrow(() -> lost(using));
        var kept = decode(held);
        if (kept.generation() < using.newest()) {
            throw lost(using);
        }
        if (kept.generation() > using.newest()) {
            // Written before, with an answer that never came.
            using.add(kept.generation(), root(kept));
        }
        String asked = held.asked().filter(text -> !text.equals(kept.rotated())).orElse("");
        if (!asked.isEmpty() && kept.previous().isEmpty()) {
            return Optional.of(rotation(using, held, asked));
        }
        return look ? rewrapping(using, held, kept) : Optional.empty();
    }

    private static VaultException lost(RootKeySeal using) {
        return new VaultException(
                Code.CONFLICT,
                "the ConfigMap kluis-seal lost the root key of generation " + using.newest()
                        + ", which vaults need: restore it before this process ends");
    }

    private SealingKey root(WrappedRoot kept) throws RemoteKeyException {
        return Optional.ofNullable(roots(kept).get(kept.generation())).orElseThrow();
    }

    private Prepared rotation(RootKeySeal using, Held held, String asked) throws RemoteKeyException {
        if (asked.length() > WrappedRoot.MAX_ASKED) {
            throw new VaultException(
                    Code.BAD_PARAMETER,
                    "what asks for a new root key has at most " + WrappedRoot.MAX_ASKED + " characters");
        }
        int generation = using.newest() + 1;
        var root = SealingKey.generate(random);
        var next = wrapped(generation, root, Optional.of(Map.entry(using.newest(), using.root())), asked);
        return new Prepared(
                "RootRotate",
                "there is a root of generation " + generation + ", wrapped by version " + version(next),
                () -> {
                    put(held, next);
                    using.add(generation, root);
                });
    }

    private Optional<Prepared> rewrapping(RootKeySeal using, Held held, WrappedRoot kept) throws RemoteKeyException {
        try (var wrapping = SealingKey.generate(random)) {
            var wrapped = wrapProven(wrapping);
            if (wrapped.by().equals(kept.key().by())
                    && wrapped.algorithm().equals(kept.key().algorithm())) {
                return Optional.empty();
            }
            var next = kept.under(wrapping, wrapped, using.root(), random);
            return Optional.of(new Prepared(
                    "RootRewrap",
                    "the root of generation " + kept.generation() + " is wrapped by version " + version(next),
                    () -> put(held, next)));
        }
    }

    private static String version(WrappedRoot root) {
        return root.key().by().version().orElseThrow();
    }

    private void put(Held held, WrappedRoot next) {
        try {
            state.put(Optional.of(held.tag()), next.encode());
        } catch (ConflictException e) {
            throw new VaultException(Code.CONFLICT, "the seal's state was changed at the same time: done again later");
        }
    }

    /** Asked by whoever looks, also while the remote key lets wait. */
    @Override
    public boolean rotating() {
        return seal != null
                && state.read()
                        .map(RemoteSeal::decode)
                        .filter(kept -> kept.previous().isPresent())
                        .isPresent();
    }

    @Override
    public void finish() {
        var using = seal;
        var held = state.read();
        var kept = held.map(RemoteSeal::decode);
        if (using == null || kept.isEmpty() || kept.get().generation() != using.newest()) {
            throw new VaultException(Code.CONFLICT, "the seal's state is not that of the newest root");
        }
        put(held.orElseThrow(), kept.get().withoutPrevious());
    }

    private static WrappedRoot decode(Held held) {
        held.requireKind(WrappedRoot.KIND);
        try {
            return WrappedRoot.decode(held.data());
        } catch (SealedBytesException e) {
            throw new VaultException(
                    Code.UNREADABLE,
                    "the ConfigMap kluis-seal was changed by hand: restore it (" + e.getMessage() + ")");
        }
    }
}
