package dev.kluis.vault.record;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.SigningKey;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.seal.Seal;
import java.util.List;
import java.util.Optional;

/**
 * The keys that sign the checkpoints of vaults: one for each root that is here, derived from it as the audit's are, for
 * another purpose. The newest signs, each is believed.
 */
final class CheckpointKeys {

    /** What they are derived for: a key's seed (RFC 8032 §5.1.5) is what {@link Seal#derive} gives. */
    static final String PURPOSE = "store/checkpoint";

    private final Seal seal;
    private List<SigningKey> keys = List.of();

    CheckpointKeys(Seal seal) {
        this.seal = seal;
    }

    /** Roots are only ever added to a seal while a process runs, so their number tells of a new one. */
    private synchronized List<SigningKey> keys() {
        var seeds = seal.derive(PURPOSE);
        if (seeds.size() != keys.size()) {
            keys = seeds.stream().map(SigningKey::ofSeed).toList();
        }
        seeds.forEach(SecretBytes::close);
        return keys;
    }

    SigningKey newest() {
        return keys().getLast();
    }

    /** The key of these bytes, where it is one of ours. */
    Optional<VerifyingKey> believed(byte[] publicKey) {
        return keys().stream()
                .map(SigningKey::verifyingKey)
                .filter(key -> key.isEncodedAs(publicKey))
                .findFirst();
    }
}
