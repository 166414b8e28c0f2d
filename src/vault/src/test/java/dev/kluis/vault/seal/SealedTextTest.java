package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.object.ObjectState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sealed values as docs/reference/sealed.md specifies them, against the vectors beside that page. */
class SealedTextTest {

    private static final Path VECTORS = Path.of("../../docs/reference/sealed-vectors.properties");
    private static final VaultId VAULT = new VaultId("payments", "payments");
    private static final ObjectId TARGET = ObjectId.secret(VAULT, "db-password");
    private static final String VALUE = "correct horse battery staple";

    private final SecureRandom random = new SecureRandom();
    private final RecipientKeyPair pair = RecipientKeyPair.generate(random);

    /** Every byte of the vault's private key is 66 and of the ephemeral one 77. */
    private static RecipientKeyPair vectorPair() {
        byte[] raw = new byte[RecipientKeyPair.LENGTH];
        Arrays.fill(raw, (byte) 0x66);
        return RecipientKeyPair.of(SecretBytes.owning(raw));
    }

    private static final class Sevens extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 0x77);
        }
    }

    /** {@code -Dkluis.vectors.write=true} writes them. */
    @Test
    void the_vectors_are_what_is_written_and_they_open() throws Exception {
        var vaultPair = vectorPair();
        var made = new TreeMap<String, String>();
        made.put("namespace", VAULT.namespace());
        made.put("vault", VAULT.name());
        made.put("kind", "1");
        made.put("name", TARGET.name());
        made.put("value", VALUE);
        made.put("private", "66".repeat(RecipientKeyPair.LENGTH));
        made.put("ephemeral", "77".repeat(RecipientKeyPair.LENGTH));
        made.put("id", vaultPair.publicKey().id());
        made.put("recipient", vaultPair.publicKey().text());
        made.put("sealed", SealedText.seal(TARGET, vaultPair.publicKey(), secret(VALUE), new Sevens()));
        if (Boolean.getBoolean("kluis.vectors.write")) {
            Files.writeString(
                    VECTORS,
                    made.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }

        assertThat(committed()).containsExactlyInAnyOrderEntriesOf(made);
        try (var opened = SealedText.open(TARGET, committed().getProperty("sealed"), id -> Optional.of(vaultPair))) {
            assertThat(opened.reveal(SecretAccess.GRANTED)).asString(UTF_8).isEqualTo(VALUE);
        }
    }

    private static Properties committed() throws IOException {
        var vectors = new Properties();
        try (var in = Files.newBufferedReader(VECTORS)) {
            vectors.load(in);
        }
        return vectors;
    }

    @Test
    void attack_25_a_sealed_value_opens_for_no_other_name_namespace_or_vault() throws Exception {
        String sealed = seal(TARGET, VALUE);

        for (var other : new ObjectId[] {
            ObjectId.secret(VAULT, "db-password2"),
            ObjectId.secret(VAULT, "db-passwor"),
            ObjectId.secret(new VaultId("payments", "other"), "db-password"),
            ObjectId.secret(new VaultId("checkout", "payments"), "db-password"),
            ObjectId.vault(VAULT)
        }) {
            assertThatThrownBy(() -> open(other, sealed))
                    .isInstanceOf(SealedBytesException.class)
                    .hasMessageContaining("seal it again with kluis seal");
        }
        // Names differ by more than case.
        assertThat(open(ObjectId.secret(VAULT, "DB-Password"), sealed)).isEqualTo(secret(VALUE));
    }

    /** Parts of one field must not pass for parts of the next. */
    @Test
    void attack_25_names_do_not_run_into_each_other() {
        String sealed = seal(ObjectId.secret(new VaultId("a", "bcde"), "f"), VALUE);

        assertThatThrownBy(() -> open(ObjectId.secret(new VaultId("ab", "cde"), "f"), sealed))
                .isInstanceOf(SealedBytesException.class);
        assertThatThrownBy(() -> open(ObjectId.secret(new VaultId("a", "bcd"), "ef"), sealed))
                .isInstanceOf(SealedBytesException.class);
    }

    @Test
    void attack_25_another_version_and_every_changed_character_are_refused() {
        String sealed = seal(TARGET, VALUE);
        byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring("kluis1:".length()));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            refused("kluis1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(changed));
        }
        refused(sealed.replace("kluis1:", "kluis2:"));
        refused(sealed + "A");
        refused(sealed + "\n");
        refused(sealed.substring(0, sealed.length() - 1));
    }

    @Test
    void a_text_for_a_key_that_the_vault_does_not_have_says_so() {
        String sealed = seal(TARGET, VALUE);

        assertThatThrownBy(() -> SealedText.open(TARGET, sealed, id -> Optional.empty()))
                .isInstanceOf(SealedBytesException.class)
                .hasMessageContaining("sealed to the key " + pair.publicKey().id());
    }

    @Test
    void values_have_at_most_25_kilobytes_and_are_text() throws Exception {
        String longest = "x".repeat(ObjectState.MAX_VALUE);

        assertThat(seal(TARGET, longest)).hasSize(34_227);
        assertThat(open(TARGET, seal(TARGET, longest))).isEqualTo(secret(longest));
        assertThat(open(TARGET, seal(TARGET, ""))).isEqualTo(secret(""));
        assertThatThrownBy(() -> seal(TARGET, longest + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("25,600");
        assertThatThrownBy(() ->
                        SealedText.seal(TARGET, pair.publicKey(), SecretBytes.owning(new byte[] {(byte) 0xff}), random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
        refused("kluis1:" + "A".repeat(40_000));
    }

    /** Cut, lengthened and overwritten at random: refused, and never by any other exception. */
    @Test
    void any_text_is_opened_or_refused() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var changes = new Random(seed);
        String sealed = seal(TARGET, VALUE);
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder(sealed);
            text.setLength(changes.nextInt(3) == 0 ? changes.nextInt(sealed.length() + 9) : sealed.length());
            for (int i = changes.nextInt(4); i >= 0 && !text.isEmpty(); i--) {
                text.setCharAt(
                        changes.nextInt(text.length()), (char) changes.nextInt(changes.nextBoolean() ? 128 : 65536));
            }
            if (!text.toString().equals(sealed)) {
                refused(text.toString());
            }
        }
    }

    private void refused(String text) {
        assertThatThrownBy(() -> open(TARGET, text)).isInstanceOf(SealedBytesException.class);
    }

    private SecretBytes open(ObjectId target, String text) throws SealedBytesException {
        return SealedText.open(
                target,
                text,
                id -> Optional.of(pair).filter(one -> one.publicKey().id().equals(id)));
    }

    private String seal(ObjectId target, String value) {
        return SealedText.seal(target, pair.publicKey(), secret(value), random);
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(UTF_8));
    }
}
