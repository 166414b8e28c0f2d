package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.vault.seal.RemoteKey.Wrapped;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A root as it is kept where a remote key protects it: docs/reference/seals.md, "Key Vault". A wrapping key that is made for
 * this one time lies wrapped by the remote key, and the root lies sealed by the wrapping key; so what the remote side gets to
 * see is of no use without this, and the reverse.
 *
 * @param generation of the root
 * @param created the root, in whole seconds
 * @param key the wrapping key, wrapped
 * @param sealed the root, in hex
 * @param previous the root before, while some record may still be wrapped by it
 * @param rotated for what the root was made, in the words of who asked; empty where nobody did
 */
public record WrappedRoot(
        int generation, Instant created, Wrapped key, String sealed, Optional<Previous> previous, String rotated) {

    /** The kind of the seal. */
    public static final String KIND = "keyvault";
    /** How long may be what is asked with. */
    public static final int MAX_ASKED = 128;

    private static final byte[] ROOT = {'K', 'L', 'E', 1};
    private static final byte[] PREVIOUS = {'K', 'L', 'L', 1};
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern ALGORITHM = Pattern.compile("[0-9A-Za-z_-]{1,32}");
    /** RSA of 8,192 bits. */
    private static final int MAX_WRAPPED = 1024;

    private static final int MAX_FIELD = 2 * MAX_WRAPPED;

    /** @param sealed by the newer root, in hex */
    public record Previous(int generation, String sealed) {}

    public WrappedRoot {
        if (generation < 1) {
            throw new IllegalArgumentException("generations are counted from 1 on");
        }
        if (key.by().version().isEmpty() || !ALGORITHM.matcher(key.algorithm()).matches()) {
            throw new IllegalArgumentException("it is known by which version of a key and how it was wrapped");
        }
        if (key.bytes().length == 0 || key.bytes().length > MAX_WRAPPED) {
            throw new IllegalArgumentException("a wrapped key has 1 to " + MAX_WRAPPED + " bytes");
        }
        if (rotated.length() > MAX_ASKED) {
            throw new IllegalArgumentException("what is asked with has at most " + MAX_ASKED + " characters");
        }
        requireSealed(sealed);
        previous.ifPresent(one -> requireSealed(one.sealed()));
    }

    private static void requireSealed(String hex) {
        int length = 2 * (SealingKey.LENGTH + SealingKey.OVERHEAD);
        if (hex.length() != length || !hex.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException("a sealed root has " + length + " lower-case hex characters");
        }
    }

    /**
     * Seals a root.
     *
     * @param wrapping the wrapping key itself, which stays the caller's
     * @param key the same, wrapped
     * @param before the root that this one replaces, and its generation
     */
    static WrappedRoot of(
            int generation,
            SealingKey root,
            SealingKey wrapping,
            Wrapped key,
            Optional<Map.Entry<Integer, SealingKey>> before,
            String rotated,
            Instant now,
            SecureRandom random) {
        var previous = before.map(one ->
                new Previous(one.getKey(), seal(one.getValue(), root, context(generation, one.getKey()), random)));
        return new WrappedRoot(
                generation,
                now.truncatedTo(ChronoUnit.SECONDS),
                key,
                seal(root, wrapping, context(generation, key), random),
                previous,
                rotated);
    }

    private static String seal(SealingKey what, SealingKey by, byte[] context, SecureRandom random) {
        try (var raw = what.reveal(SecretAccess.GRANTED)) {
            return HEX.formatHex(by.seal(raw, context, random));
        }
    }

    /** The same root under another wrapping key. */
    WrappedRoot under(SealingKey wrapping, Wrapped other, SealingKey root, SecureRandom random) {
        return new WrappedRoot(
                generation,
                created,
                other,
                seal(root, wrapping, context(generation, other), random),
                previous,
                rotated);
    }

    /** The same root after every record was wrapped by it. */
    WrappedRoot withoutPrevious() {
        return new WrappedRoot(generation, created, key, sealed, Optional.empty(), rotated);
    }

    /** This root, with the one before where it is still needed. */
    SortedMap<Integer, SealingKey> roots(SealingKey wrapping) throws SealedBytesException {
        var root = open(sealed, wrapping, context(generation, key));
        var roots = new TreeMap<Integer, SealingKey>();
        roots.put(generation, root);
        if (previous.isPresent()) {
            int old = previous.get().generation();
            roots.put(old, open(previous.get().sealed(), root, context(generation, old)));
        }
        return roots;
    }

    private static SealingKey open(String sealed, SealingKey by, byte[] context) throws SealedBytesException {
        return SealingKey.of(by.open(HEX.parseHex(sealed), context));
    }

    /** As the data of a ConfigMap. */
    public SortedMap<String, String> encode() {
        var data = new TreeMap<String, String>();
        data.put("kind", KIND);
        data.put("root", String.valueOf(generation));
        data.put("created", created.toString());
        data.put("key", key.by().toString());
        data.put("algorithm", key.algorithm());
        data.put("wrapped", HEX.formatHex(key.bytes()));
        data.put("sealed", sealed);
        previous.ifPresent(one -> data.put("previous", one.generation() + " " + one.sealed()));
        if (!rotated.isEmpty()) {
            data.put("rotated", rotated);
        }
        return data;
    }

    /**
     * The inverse of {@link #encode}. Whoever may write ConfigMaps in the operator's namespace controls it: what is not
     * exactly of the form is refused, and what is opens by the remote key only.
     */
    public static WrappedRoot decode(Map<String, String> data) throws SealedBytesException {
        try {
            Optional<Previous> previous = Optional.empty();
            if (data.containsKey("previous")) {
                String[] parts = field(data, "previous").split(" ", -1);
                previous = Optional.of(new Previous(Integer.parseInt(parts[0]), parts.length == 2 ? parts[1] : ""));
            }
            var root = new WrappedRoot(
                    Integer.parseInt(field(data, "root")),
                    Instant.parse(field(data, "created")),
                    new Wrapped(
                            RemoteKeyId.parse(field(data, "key")),
                            field(data, "algorithm"),
                            HEX.parseHex(field(data, "wrapped"))),
                    field(data, "sealed"),
                    previous,
                    data.getOrDefault("rotated", ""));
            if (!root.encode().equals(new TreeMap<>(data))) {
                throw new SealedBytesException("the seal's state has something else in it");
            }
            return root;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new SealedBytesException("the seal's state is not of its form");
        }
    }

    private static String field(Map<String, String> data, String name) {
        String value = data.get(name);
        if (value == null || value.length() > MAX_FIELD) {
            throw new IllegalArgumentException("no legal field " + name);
        }
        return value;
    }

    private static byte[] context(int generation, Wrapped key) {
        byte[] id = key.by().toString().getBytes(UTF_8);
        byte[] algorithm = key.algorithm().getBytes(UTF_8);
        return ByteBuffer.allocate(ROOT.length + 4 + 2 + id.length + 2 + algorithm.length)
                .put(ROOT)
                .putInt(generation)
                .putShort((short) id.length)
                .put(id)
                .putShort((short) algorithm.length)
                .put(algorithm)
                .array();
    }

    private static byte[] context(int generation, int old) {
        return ByteBuffer.allocate(PREVIOUS.length + 4 + 4)
                .put(PREVIOUS)
                .putInt(generation)
                .putInt(old)
                .array();
    }
}
