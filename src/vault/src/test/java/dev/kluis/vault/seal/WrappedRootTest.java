package dev.kluis.vault.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.key.OpenKey;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.seal.RemoteKey.Wrapped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The state of a seal of kind keyvault, by its vectors. */
class WrappedRootTest {

    private static final Path VECTORS = Path.of("../../docs/reference/seals-keyvault-vectors.properties");

    /** Bytes of the vectors: 00, 01, 02, ... from call to call. */
    private static final class Counting extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private byte next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = next++;
            }
        }
    }

    private static byte[] filled(int with) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) with);
        return raw;
    }

    private static SealingKey key(int with) {
        return SealingKey.of(SecretBytes.owning(filled(with)));
    }

    private static byte[] raw(SealingKey key) {
        return key.reveal(SecretAccess.GRANTED).reveal(SecretAccess.GRANTED);
    }

    private static OpenKey remote() throws KeyRefusedException {
        return new SoftwareKeys(new SecureRandom(), chosen -> {})
                .open(new KeySpec.Oct(256), SecretBytes.owning(filled(0xa1)));
    }

    /** As a remote key of these bytes wraps by A256KW (RFC 3394 §2.2.1). */
    private static WrappedRoot made() throws KeyRefusedException {
        byte[] wrapped = remote().wrap(Algorithm.A256KW, SecretBytes.owning(filled(0x22)));
        return WrappedRoot.of(
                2,
                key(0x11),
                key(0x22),
                new Wrapped(
                        RemoteKeyId.parse(
                                "https://other.vault.svc.cluster.local/keys/root/0123456789abcdef0123456789abcdef"),
                        "A256KW",
                        wrapped),
                Optional.of(Map.entry(1, key(0x10))),
                "2026-01",
                Instant.parse("2026-01-02T03:04:05.678Z"),
                new Counting());
    }

    /** {@code -Dkluis.vectors.write=true} writes them. */
    @Test
    void the_vectors_are_what_is_kept_and_they_open_by_the_remote_key_alone() throws Exception {
        var made = new TreeMap<>(made().encode());
        if (Boolean.getBoolean("kluis.vectors.write")) {
            Files.writeString(
                    VECTORS,
                    made.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }

        var vectors = new Properties();
        try (var in = Files.newBufferedReader(VECTORS)) {
            vectors.load(in);
        }
        assertThat(vectors).containsExactlyInAnyOrderEntriesOf(made);
        var kept = WrappedRoot.decode(made);
        var wrapping = remote().unwrap(Algorithm.A256KW, HexFormat.of().parseHex(vectors.getProperty("wrapped")));
        var roots = kept.roots(SealingKey.of(wrapping));
        assertThat(raw(roots.get(2))).isEqualTo(filled(0x11));
        assertThat(raw(roots.get(1))).isEqualTo(filled(0x10));
        assertThat(roots).hasSize(2);
        assertThat(kept.withoutPrevious().encode()).doesNotContainKey("previous");
    }
}
