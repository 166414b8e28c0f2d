package dev.kluis.vault.seal;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A seal whose root keys are in this process; the kinds differ in where they come from. The newest root wraps, each
 * unwraps; a wrapped key begins with its root's generation, {@code u32}.
 */
public final class RootKeySeal implements Seal {

    private static final int GENERATION = 4;

    private final String kind;
    private final SecureRandom random;
    private volatile SortedMap<Integer, SealingKey> roots;

    /** @param roots by generation, from 1 on; at least one */
    public RootKeySeal(String kind, SortedMap<Integer, SealingKey> roots, SecureRandom random) {
        if (roots.isEmpty() || roots.firstKey() < 1) {
            throw new IllegalArgumentException("a seal has at least one root, of generation 1 or higher");
        }
        this.kind = kind;
        this.roots = new TreeMap<>(roots);
        this.random = random;
    }

    /** With one root, of the first generation. */
    public RootKeySeal(String kind, SealingKey root, SecureRandom random) {
        this(kind, new TreeMap<>(Map.of(1, root)), random);
    }

    @Override
    public String kind() {
        return kind;
    }

    /** The generation that wraps. */
    public int newest() {
        return roots.lastKey();
    }

    /**
     * Wraps with a new root from now on. It is kept where it survives this process before it is given to here. Older
     * roots stay in memory, since a late event of the store may still bring what they wrapped.
     */
    public synchronized void add(int generation, SealingKey root) {
        if (generation <= newest()) {
            throw new IllegalArgumentException("the newest root is of generation " + newest() + " already");
        }
        var more = new TreeMap<>(roots);
        more.put(generation, root);
        roots = more;
    }

    /** The newest root, for what else a kind keeps under it; it belongs to this seal. */
    SealingKey root() {
        return roots.lastEntry().getValue();
    }

    @Override
    public byte[] wrap(SealingKey key, byte[] additional) {
        var newest = roots.lastEntry();
        try (var raw = key.reveal(SecretAccess.GRANTED)) {
            byte[] sealed = newest.getValue().seal(raw, additional, random);
            return ByteBuffer.allocate(GENERATION + sealed.length)
                    .putInt(newest.getKey())
                    .put(sealed)
                    .array();
        }
    }

    @Override
    public SealingKey unwrap(byte[] wrapped, byte[] additional) throws SealedBytesException {
        var root = roots.get(generation(wrapped));
        if (root == null) {
            throw new SealedBytesException("it was wrapped by a root that is not here");
        }
        var raw = root.open(Arrays.copyOfRange(wrapped, GENERATION, wrapped.length), additional);
        if (raw.length() != SealingKey.LENGTH) {
            raw.close();
            throw new SealedBytesException("what was wrapped is no key");
        }
        return SealingKey.of(raw);
    }

    @Override
    public boolean current(byte[] wrapped) {
        return generation(wrapped) == newest();
    }

    /** Whoever can write to the store controls it; a wrong one does not unwrap. Negative for none. */
    private static int generation(byte[] wrapped) {
        return wrapped.length < GENERATION ? -1 : ByteBuffer.wrap(wrapped).getInt();
    }

    @Override
    public List<SecretBytes> derive(String purpose) {
        return roots.values().stream().map(root -> root.derive(purpose)).toList();
    }
}
