package dev.kluis.operator.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.Sha256;
import dev.kluis.vault.seal.Seal;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Access tokens of roots that tests choose. */
final class Tokens {

    static final String ISSUER = "https://login.vault.svc.cluster.local/adfs";
    static final String AUDIENCE = "https://vault.svc.cluster.local";

    private Tokens() {}

    /** By the keys of these roots, the newest last. */
    static AccessTokens of(InstantSource clock, String... roots) {
        var tokens = new AccessTokens(ISSUER, Set.of(AUDIENCE), "adfs", clock, () -> new UUID(1, 2));
        tokens.unsealed(seal(roots));
        return tokens;
    }

    static Seal seal(String... roots) {
        return new Roots(List.of(roots));
    }

    /** A seal of which nothing but derived keys is wanted. */
    private record Roots(List<String> names) implements Seal {

        @Override
        public List<SecretBytes> derive(String purpose) {
            return names.stream()
                    .map(name -> SecretBytes.owning(Sha256.of(bytes(name), bytes(purpose))))
                    .toList();
        }

        private static byte[] bytes(String text) {
            return text.getBytes(UTF_8);
        }

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public byte[] wrap(SealingKey key, byte[] additional) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SealingKey unwrap(byte[] wrapped, byte[] additional) throws SealedBytesException {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean current(byte[] wrapped) {
            throw new UnsupportedOperationException();
        }
    }
}
