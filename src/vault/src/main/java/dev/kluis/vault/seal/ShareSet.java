package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.Sha256;
import dev.kluis.crypto.Shamir;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is public about a root that was dealt to officers, and is enough to know the right shares and the right root:
 * docs/reference/seals.md, "State". It holds no secret.
 *
 * @param id 32 hex characters, another one for each dealing
 * @param generation of the root
 * @param officers by their shares' indexes, from 1 on
 * @param check what only the root opens
 * @param previous the root before, while some record may still be wrapped by it
 */
public record ShareSet(
        String id,
        int generation,
        int threshold,
        Instant created,
        List<Officer> officers,
        String check,
        Optional<Previous> previous) {

    /** The kind of the seal. */
    public static final String KIND = "shamir";

    private static final byte[] CHECK = {'K', 'L', 'C', 1};
    private static final byte[] PREVIOUS = {'K', 'L', 'Q', 1};
    private static final byte[] SHARE = {'K', 'L', 'H', 1};
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Who holds a share.
     *
     * @param key that the share file is encrypted to
     * @param shareHash 64 hex characters, by which a wrong share is known
     */
    public record Officer(RecipientKey key, String shareHash) {}

    /** @param sealed by the newer root, in hex */
    public record Previous(int generation, String sealed) {}

    /** What comes of dealing: the public part, and the share file of each officer, in their order. */
    public record Dealt(ShareSet set, List<String> shareFiles) {
        public Dealt {
            shareFiles = List.copyOf(shareFiles);
        }
    }

    public ShareSet {
        Shamir.requireLegal(threshold, officers.size());
        if (generation < 1) {
            throw new IllegalArgumentException("generations are counted from 1 on");
        }
        requireHex("set", id, 16);
        requireHex("check", check, SealingKey.OVERHEAD);
        officers.forEach(officer -> requireHex("an officer's hash", officer.shareHash(), 32));
        if (officers.stream().map(Officer::key).distinct().count() != officers.size()) {
            throw new IllegalArgumentException("each officer has a key of his own");
        }
        previous.ifPresent(one -> requireHex("previous", one.sealed(), SealingKey.LENGTH + SealingKey.OVERHEAD));
        officers = List.copyOf(officers);
    }

    private static void requireHex(String what, String hex, int bytes) {
        if (hex.length() != 2 * bytes || !hex.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException(what + " has " + 2 * bytes + " lower-case hex characters");
        }
    }

    /**
     * Deals a root to officers.
     *
     * @param before the root that this one replaces, and its generation
     */
    public static Dealt deal(
            SealingKey root,
            int generation,
            int threshold,
            List<RecipientKey> keys,
            Optional<Map.Entry<Integer, SealingKey>> before,
            Instant now,
            SecureRandom random) {
        Shamir.requireLegal(threshold, keys.size());
        byte[] idBytes = new byte[16];
        random.nextBytes(idBytes);
        String id = HEX.formatHex(idBytes);
        var files = new ArrayList<String>();
        var officers = new ArrayList<Officer>();
        try (var secret = root.reveal(SecretAccess.GRANTED)) {
            Shamir.split(secret, threshold, keys.size(), random).forEach((index, share) -> {
                var key = keys.get(index - 1);
                files.add(ShareFile.seal(id, generation, index, threshold, keys.size(), key, share, random)
                        .text());
                officers.add(new Officer(key, hash(id, index, share)));
                share.close();
            });
        }
        String check =
                HEX.formatHex(root.seal(SecretBytes.owning(new byte[0]), context(CHECK, id, generation), random));
        var previous = before.map(one -> {
            try (var old = one.getValue().reveal(SecretAccess.GRANTED)) {
                return new Previous(
                        one.getKey(), HEX.formatHex(root.seal(old, context(PREVIOUS, id, one.getKey()), random)));
            }
        });
        var set =
                new ShareSet(id, generation, threshold, now.truncatedTo(ChronoUnit.SECONDS), officers, check, previous);
        return new Dealt(set, files);
    }

    /** Whether a share is the one that was dealt under its index. */
    public boolean isShare(int index, SecretBytes share) {
        return index >= 1
                && index <= officers.size()
                && MessageDigest.isEqual(
                        hash(id, index, share).getBytes(US_ASCII),
                        officers.get(index - 1).shareHash().getBytes(US_ASCII));
    }

    /** The roots of this set, with the one before where it is still needed; nothing when it is another root. */
    public Optional<SortedMap<Integer, SealingKey>> roots(SealingKey root) {
        try {
            root.open(HEX.parseHex(check), context(CHECK, id, generation)).close();
            var roots = new TreeMap<Integer, SealingKey>();
            roots.put(generation, root);
            if (previous.isPresent()) {
                int old = previous.get().generation();
                var opened = root.open(HEX.parseHex(previous.get().sealed()), context(PREVIOUS, id, old));
                roots.put(old, SealingKey.of(opened));
            }
            return Optional.of(roots);
        } catch (SealedBytesException e) {
            return Optional.empty();
        }
    }

    /** The same set after every record was wrapped anew. */
    public ShareSet withoutPrevious() {
        return new ShareSet(id, generation, threshold, created, officers, check, Optional.empty());
    }

    /** As the data of a ConfigMap. */
    public SortedMap<String, String> encode() {
        var data = new TreeMap<String, String>();
        data.put("kind", KIND);
        data.put("set", id);
        data.put("root", String.valueOf(generation));
        data.put("threshold", String.valueOf(threshold));
        data.put("created", created.toString());
        data.put("check", check);
        for (int i = 0; i < officers.size(); i++) {
            data.put(
                    "officer-" + (i + 1),
                    officers.get(i).key().text() + " " + officers.get(i).shareHash());
        }
        previous.ifPresent(one -> data.put("previous", one.generation() + " " + one.sealed()));
        return data;
    }

    /**
     * The inverse of {@link #encode}. Whoever may write ConfigMaps in the operator's namespace controls it: what is not
     * exactly of the form is refused, and roots and shares are taken by their hashes only.
     */
    public static ShareSet decode(Map<String, String> data) throws SealedBytesException {
        try {
            var officers = new ArrayList<Officer>();
            for (int i = 1; i <= Shamir.MAX_SHARES && data.containsKey("officer-" + i); i++) {
                String[] parts = field(data, "officer-" + i).split(" ", -1);
                officers.add(new Officer(RecipientKey.parse(parts[0]), parts.length == 2 ? parts[1] : ""));
            }
            Optional<Previous> previous = Optional.empty();
            if (data.containsKey("previous")) {
                String[] parts = field(data, "previous").split(" ", -1);
                previous = Optional.of(new Previous(Integer.parseInt(parts[0]), parts.length == 2 ? parts[1] : ""));
            }
            var set = new ShareSet(
                    field(data, "set"),
                    Integer.parseInt(field(data, "root")),
                    Integer.parseInt(field(data, "threshold")),
                    Instant.parse(field(data, "created")),
                    officers,
                    field(data, "check"),
                    previous);
            if (!set.encode().equals(new TreeMap<>(data))) {
                throw new SealedBytesException("the seal's state has something else in it");
            }
            return set;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new SealedBytesException("the seal's state is not of its form");
        }
    }

    private static String field(Map<String, String> data, String name) {
        String value = data.get(name);
        if (value == null || value.length() > 512) {
            throw new IllegalArgumentException("no legal field " + name);
        }
        return value;
    }

    private static String hash(String id, int index, SecretBytes share) {
        byte[] raw = share.reveal(SecretAccess.GRANTED);
        try {
            return Sha256.hex(SHARE, HEX.parseHex(id), new byte[] {(byte) index}, raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static byte[] context(byte[] label, String id, int generation) {
        return ByteBuffer.allocate(label.length + 16 + 4)
                .put(label)
                .put(HEX.parseHex(id))
                .putInt(generation)
                .array();
    }
}
