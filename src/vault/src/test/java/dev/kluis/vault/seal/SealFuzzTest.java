package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts that people carry around, and the seal's public state. */
@Tag("fuzz")
class SealFuzzTest {

    private static final ObjectId TARGET = ObjectId.secret(new VaultId("payments", "payments"), "db-password");

    private final SecureRandom random = new SecureRandom();

    private static SecretBytes filled(int with) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) with);
        return SecretBytes.owning(raw);
    }

    private static RecipientKeyPair pair(int with) {
        return RecipientKeyPair.of(filled(with));
    }

    @Test
    void a_sealed_value_opens_or_is_refused() {
        var value = SecretBytes.owning("correct horse".getBytes(UTF_8));
        Fuzz.of("sealed-value")
                .good("text", SealedText.seal(TARGET, pair(0x66).publicKey(), value, random))
                .words("kluis1:", "kluis2:", "=", "-", "_", "A")
                .refusing(SealedBytesException.class)
                .run(input -> SealedText.open(TARGET, new String(input, UTF_8), id -> Optional.of(pair(0x66)))
                        .close());
    }

    private ShareSet.Dealt dealt() {
        return ShareSet.deal(
                SealingKey.of(filled(0x11)),
                2,
                2,
                List.of(pair(1).publicKey(), pair(2).publicKey(), pair(3).publicKey()),
                Optional.of(Map.entry(1, SealingKey.of(filled(0x22)))),
                Instant.parse("2026-01-02T03:04:05Z"),
                random);
    }

    @Test
    void a_share_file_is_read_or_refused() {
        Fuzz.of("share-file")
                .good("share", dealt().shareFiles().getFirst())
                .words("kluis-share1:", "=", "-", "_", "A")
                .refusing(SealedBytesException.class)
                .run(input -> {
                    String text = new String(input, UTF_8);
                    assertThat(ShareFile.parse(text).text()).isEqualTo(text);
                });
    }

    @Test
    void a_submitted_share_opens_or_is_refused() throws SealedBytesException {
        var share = ShareFile.parse(dealt().shareFiles().getFirst());
        Fuzz.of("submission")
                .good("share", share.submission(pair(1), pair(9).publicKey(), random))
                .words("kluis-submission1:", "=", "-", "_", "A")
                .refusing(SealedBytesException.class)
                .run(input -> ShareFile.Submission.parse(new String(input, UTF_8))
                        .open(pair(9))
                        .close());
    }

    @Test
    void the_public_state_of_the_seal_is_read_or_refused() {
        Fuzz.of("share-set")
                .good("with-previous", lines(dealt().set().encode()))
                .good("alone", lines(dealt().set().withoutPrevious().encode()))
                .words("officer-1=", "officer-4=", "previous=", "kluis-recipient1:", "\n", "2147483648", "+1", "01")
                .words("+1000000000-01-01T00:00:00Z", "2026-01-02T24:00:00Z", " ")
                .refusing(SealedBytesException.class)
                .run(input -> ShareSet.decode(data(new String(input, UTF_8))));
    }

    @Test
    void what_a_remote_key_protects_is_read_or_refused() {
        var by = new RemoteKey.Wrapped(
                RemoteKeyId.parse("https://other.vault.svc.cluster.local:8443/keys/root/0123456789abcdef"),
                "RSA-OAEP-256",
                new byte[256]);
        var kept = WrappedRoot.of(
                2,
                SealingKey.of(filled(0x11)),
                SealingKey.of(filled(0x22)),
                by,
                Optional.of(Map.entry(1, SealingKey.of(filled(0x10)))),
                "2026-01",
                Instant.parse("2026-01-02T03:04:05Z"),
                random);
        Fuzz.of("wrapped-root")
                .good("with-previous", lines(kept.encode()))
                .good("alone", lines(kept.withoutPrevious().encode()))
                .words(
                        "previous=",
                        "rotated=",
                        "key=",
                        "https://",
                        "/keys/",
                        ":443",
                        "\n",
                        "2147483648",
                        "+1",
                        "01",
                        " ")
                .words("+1000000000-01-01T00:00:00Z", "2026-01-02T24:00:00Z", "A256KW", "HTTPS://A.b/keys/c/d")
                .refusing(SealedBytesException.class)
                .run(input -> {
                    var data = data(new String(input, UTF_8));
                    assertThat(WrappedRoot.decode(data).encode()).isEqualTo(data);
                });
    }

    private static String lines(Map<String, String> data) {
        return data.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> data(String lines) {
        return lines.lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(
                        parts -> parts[0],
                        parts -> parts.length == 2 ? parts[1] : "",
                        (first, second) -> second,
                        TreeMap::new));
    }
}
