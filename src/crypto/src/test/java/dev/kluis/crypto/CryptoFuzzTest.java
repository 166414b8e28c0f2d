package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys and sealed bytes from files and from resources. */
@Tag("fuzz")
class CryptoFuzzTest {

    private static final byte[] CONTEXT = {'K', 'L', 'X', 1};

    private static SecretBytes filled(int with) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) with);
        return SecretBytes.owning(raw);
    }

    private static RecipientKeyPair pair() {
        return RecipientKeyPair.of(filled(0x66));
    }

    @Test
    void a_recipient_s_key_is_one_or_is_refused() {
        Fuzz.of("recipient-key")
                .good("text", pair().publicKey().text())
                .words("kluis-recipient1:", "=", "-", "_", "+", "/")
                .refusing(SealedBytesException.class)
                .run(input -> {
                    String text = new String(input, UTF_8);
                    assertThat(RecipientKey.parse(text).text()).isEqualTo(text);
                });
    }

    @Test
    void an_officer_s_key_is_one_or_is_refused() {
        Fuzz.of("officer-key")
                .good("plain", OfficerKey.write(pair()))
                .also(
                        "protected",
                        OfficerKey.write(pair(), filled(0x41), new SecureRandom())
                                .getBytes(US_ASCII))
                .words("kluis-officer1:", "AAA", "AQ", "=", "-", "_")
                .refusing(SealedBytesException.class)
                .run(input -> {
                    String text = new String(input, UTF_8);
                    if (!OfficerKey.needsPassphrase(text)) {
                        try (var read = OfficerKey.read(text, SecretBytes.owning(new byte[0]))) {
                            assertThat(OfficerKey.write(read)).isEqualTo(text);
                        }
                    }
                });
    }

    @Test
    void bytes_sealed_to_a_recipient_open_or_are_refused() {
        var random = new SecureRandom();
        Fuzz.of("sealed-bytes")
                .good("value", pair().publicKey().seal(filled(1), CONTEXT, CONTEXT, random))
                .good("empty", pair().publicKey().seal(SecretBytes.owning(new byte[0]), CONTEXT, CONTEXT, random))
                .refusing(SealedBytesException.class)
                .run(input -> pair().open(input, CONTEXT, CONTEXT).close());
    }

    @Test
    void a_sealed_stream_opens_or_is_refused() throws IOException {
        byte[] longer = "kluis".repeat(13_200).getBytes(US_ASCII);
        Fuzz.of("sealed-stream")
                .good("short", stream("kluis".getBytes(US_ASCII)))
                .good("empty", stream(new byte[0]))
                .good("chunks", stream(longer))
                .refusing(BrokenStreamException.class)
                .run(input -> {
                    try (var in = new SealedInputStream(new ByteArrayInputStream(input), SealingKey.of(filled(0x55)))) {
                        in.readAllBytes();
                    }
                });
    }

    private static byte[] stream(byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        var sealed = new SealedOutputStream(out, SealingKey.of(filled(0x55)));
        sealed.write(plain);
        sealed.finish();
        return out.toByteArray();
    }
}
