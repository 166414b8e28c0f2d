package dev.kluis.store.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.Sha256;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultId;
import java.util.Locale;
import java.util.Optional;

/**
 * Names of resources: the kind and 160 bits of a hash of the key, since a key may be longer than a name may be and has
 * characters that a name may not have.
 */
final class ResourceNames {

    private static final int DIGITS = 40;

    private ResourceNames() {}

    static String record(ObjectId id) {
        return id.kind().name().toLowerCase(Locale.ROOT) + "-" + hash(id.toString());
    }

    static String content(ObjectId id, String version) {
        return "content-" + hash(id + "/" + version);
    }

    /** The key in its written form, if it is one: {@code namespace/vault}, {@code namespace/vault/checkpoints} or
     * {@code namespace/vault/COLLECTION/name}. */
    static Optional<ObjectId> parse(String key) {
        String[] parts = key.split("/", -1);
        try {
            return switch (parts.length) {
                case 2 -> Optional.of(ObjectId.vault(new VaultId(parts[0], parts[1])));
                case 3 ->
                    parts[2].equals(ObjectKind.CHECKPOINT.collection())
                            ? Optional.of(ObjectId.checkpoint(new VaultId(parts[0], parts[1])))
                            : Optional.empty();
                case 4 ->
                    ObjectKind.ofCollection(parts[2])
                            .map(kind -> new ObjectId(new VaultId(parts[0], parts[1]), kind, parts[3]));
                default -> Optional.empty();
            };
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(UTF_8)).substring(0, DIGITS);
    }
}
