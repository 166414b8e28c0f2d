package dev.kluis.csi.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The values that this node was given, in memory, sealed under a key that lives as long as the process. A copy is bound
 * to the identity that it was granted to, so that it opens for nobody else, whatever else goes wrong. It spares the
 * operator sending a value again ({@code unchanged}), and stands in for it while it cannot be reached, as long as the
 * vault allows.
 */
public final class NodeCache {

    /** A copy that nobody asked for this long is dropped: its pods are gone. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final int OVERHEAD = 512;

    private final InstantSource clock;
    private final SecureRandom random;
    private final SealingKey key;
    private final Cache<Slot, Copy> copies;

    /** @param bytes how many of sealed values are kept; what was asked for least is dropped first */
    public NodeCache(long bytes, InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        this.key = SealingKey.generate(random);
        this.copies = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Slot slot, Copy copy) -> OVERHEAD + copy.sealed.length)
                .expireAfter(Expiry.accessing((Slot slot, Copy copy) -> copy.remaining(clock.instant())))
                .executor(Runnable::run)
                .build();
    }

    /**
     * What a copy is bound to.
     *
     * @param accountUid of the ServiceAccount; one that was made again under the same name is another
     * @param object its type and name, so that a key is not taken for a secret of its name
     * @param version as it was asked for; empty is the current version
     */
    public record Slot(
            String namespace,
            String serviceAccount,
            String accountUid,
            String vaultNamespace,
            String vaultName,
            String object,
            String version) {

        private byte[] encoded(String held) {
            var bytes = new ByteArrayOutputStream();
            for (String part : new String[] {
                namespace, serviceAccount, accountUid, vaultNamespace, vaultName, object, version, held
            }) {
                byte[] text = part.getBytes(UTF_8);
                bytes.writeBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
                bytes.writeBytes(text);
            }
            return bytes.toByteArray();
        }
    }

    /** A value that was given, sealed. */
    public static final class Copy {
        private final String version;
        private final byte[] sealed;
        private final Instant offlineUntil;

        private Copy(String version, byte[] sealed, Instant offlineUntil) {
            this.version = version;
            this.sealed = sealed;
            this.offlineUntil = offlineUntil;
        }

        /** 32 lower-case hex characters. */
        public String version() {
            return version;
        }

        /** Whether the vault allows it to be served without the operator at this time. */
        public boolean offlineAt(Instant now) {
            return now.isBefore(offlineUntil);
        }

        private Duration remaining(Instant now) {
            var offline = Duration.between(now, offlineUntil);
            return offline.compareTo(FORGOTTEN) > 0 ? offline : FORGOTTEN;
        }
    }

    public Optional<Copy> find(Slot slot) {
        return Optional.ofNullable(copies.getIfPresent(slot));
    }

    /** Keeps what the operator gave, for at least as long as it may be served without it. */
    public void put(Slot slot, String version, SecretBytes value, Duration offline) {
        byte[] sealed = key.seal(value, slot.encoded(version), random);
        copies.put(slot, new Copy(version, sealed, clock.instant().plus(offline)));
    }

    /** The operator granted it again. */
    public void granted(Slot slot, Copy copy, Duration offline) {
        copies.put(slot, new Copy(copy.version, copy.sealed, clock.instant().plus(offline)));
    }

    /** The operator refused it. */
    public void forget(Slot slot) {
        copies.invalidate(slot);
    }

    /** The value, which the caller closes. */
    public SecretBytes open(Slot slot, Copy copy) {
        try {
            return key.open(copy.sealed, slot.encoded(copy.version));
        } catch (SealedBytesException e) {
            throw new IllegalStateException("a copy on this node does not open for whom it was kept", e);
        }
    }
}
