package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OfficerKeyTest {

    private static final SecretBytes NONE = SecretBytes.owning(new byte[0]);

    private final SecureRandom random = new SecureRandom();
    private final RecipientKeyPair pair = RecipientKeyPair.generate(random);

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(UTF_8));
    }

    @Test
    void a_protected_key_opens_with_its_passphrase_only() throws Exception {
        String file = OfficerKey.write(pair, secret("correct horse"), random);

        assertThat(OfficerKey.needsPassphrase(file)).isTrue();
        assertThat(OfficerKey.read(file, secret("correct horse")).publicKey()).isEqualTo(pair.publicKey());
        assertThatThrownBy(() -> OfficerKey.read(file, secret("correct hors")))
                .isInstanceOf(SealedBytesException.class)
                .hasMessageContaining("another passphrase");
        assertThatThrownBy(() -> OfficerKey.read(file, NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_unprotected_key_is_read_as_it_is() throws Exception {
        String file = OfficerKey.write(pair);

        assertThat(OfficerKey.needsPassphrase(file)).isFalse();
        assertThat(OfficerKey.read(file, NONE).publicKey()).isEqualTo(pair.publicKey());
    }

    @Test
    void a_changed_protected_key_does_not_open() {
        String file = OfficerKey.write(pair, secret("correct horse"), random);
        byte[] bytes = Base64.getUrlDecoder().decode(file.substring(file.indexOf(':') + 1));
        for (int at = 0; at < bytes.length; at += 9) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            String text =
                    "kluis-officer1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThatThrownBy(() -> OfficerKey.read(text, secret("correct horse")))
                    .isInstanceOf(SealedBytesException.class);
        }
    }

    @Test
    void any_unprotected_text_is_read_or_refused() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var changes = new Random(seed);
        String file = OfficerKey.write(pair);
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder(file);
            text.setLength(changes.nextInt(3) == 0 ? 1 + changes.nextInt(file.length() + 50) : file.length());
            text.setCharAt(Math.min(text.length() - 1, changes.nextInt(file.length())), (char) changes.nextInt(128));
            try (var read = OfficerKey.read(text.toString(), secret("x"))) {
                // Five bits of a private key are not used (RFC 7748 §5), and another file may differ in those.
                assertThat(read.publicKey()).isEqualTo(pair.publicKey());
            } catch (SealedBytesException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
