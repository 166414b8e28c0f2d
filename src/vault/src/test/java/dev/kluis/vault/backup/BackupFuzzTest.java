package dev.kluis.vault.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealedInputStream;
import dev.kluis.crypto.SealedOutputStream;
import dev.kluis.crypto.SealingKey;
import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.record.MalformedRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files and blobs that somebody brings back: as they are, and what is inside of their seals. */
@Tag("fuzz")
class BackupFuzzTest {

    /** Refusals are the caller's fault, never ours. */
    private static void badOnly(Fuzz.Decoder decoder, byte[] input) throws Exception {
        try {
            decoder.decode(input);
        } catch (VaultException e) {
            assertThat(e.code()).isEqualTo(Code.BAD_PARAMETER);
            throw e;
        }
    }

    private static void verify(byte[] file) throws IOException {
        BackupReader.open(new ByteArrayInputStream(file), BackupVectorsTest.officer())
                .verify();
    }

    @Test
    void a_file_is_verified_or_refused() throws IOException {
        Fuzz.of("backup-file")
                .good("file", BackupVectorsTest.file())
                .refusing(VaultException.class)
                .run(input -> badOnly(BackupFuzzTest::verify, input));
    }

    @Test
    void what_a_file_says_of_itself_is_read_or_refused() throws IOException {
        Fuzz.of("backup-header")
                .good("header", Arrays.copyOf(BackupVectorsTest.file(), headerLength()))
                .words("payments", "A")
                .refusing(VaultException.class)
                .run(input -> badOnly(
                        file -> {
                            byte[] again = BackupReader.header(new ByteArrayInputStream(file))
                                    .encode();
                            assertThat(file).startsWith(again);
                        },
                        input));
    }

    private static int headerLength() throws IOException {
        return BackupReader.header(new ByteArrayInputStream(BackupVectorsTest.file()))
                .encode()
                .length;
    }

    /** By one who has the file's key. */
    @Test
    void what_is_sealed_in_a_file_is_verified_or_refused() throws IOException {
        byte[] file = BackupVectorsTest.file();
        byte[] header = Arrays.copyOf(file, headerLength());
        Fuzz.of("backup-payload")
                .good("payload", payload(file, header.length))
                .words("payments", "db-password", "VaultSecret/payments/db-password")
                .refusing(VaultException.class)
                .run(input -> badOnly(plain -> verify(withPayload(header, plain)), input));
    }

    private static SealingKey payloadKey() {
        return BackupHeader.payloadKey(SealingKey.of(BackupVectorsTest.filled(0x88)));
    }

    private static byte[] payload(byte[] file, int from) throws IOException {
        try (var in = new SealedInputStream(new ByteArrayInputStream(file, from, file.length - from), payloadKey())) {
            return in.readAllBytes();
        }
    }

    private static byte[] withPayload(byte[] header, byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(header);
        var sealed = new SealedOutputStream(out, payloadKey());
        sealed.write(plain);
        sealed.finish();
        return out.toByteArray();
    }

    @Test
    void an_object_in_a_backup_is_read_or_refused() throws IOException {
        var good = new ByteArrayOutputStream();
        SnapshotCodec.write(good, BackupVectorsTest.object());
        var goodKey = new ByteArrayOutputStream();
        SnapshotCodec.write(goodKey, BackupVectorsTest.key());
        Fuzz.of("backup-object")
                .good("secret", good.toByteArray())
                .good("key", goodKey.toByteArray())
                .words("payments", "db-password", "VaultSecret/payments/db-password", "A")
                .refusing(MalformedRecordException.class)
                .run(input -> {
                    try (var object = SnapshotCodec.read(new ByteArrayInputStream(input), BackupVectorsTest.VAULT)) {
                        var again = new ByteArrayOutputStream();
                        SnapshotCodec.write(again, object);
                        assertThat(input).startsWith(again.toByteArray());
                    }
                });
    }

    @Test
    void a_blob_opens_or_is_refused() {
        Fuzz.of("object-blob")
                .good("secret", BackupVectorsTest.blobs().seal(BackupVectorsTest.object()))
                .words("payments", "db-password", "A")
                .refusing(VaultException.class)
                .run(input -> badOnly(
                        blob -> {
                            ObjectBlob.claimed(blob, ObjectKind.SECRET);
                            BackupVectorsTest.blobs().open(blob).close();
                        },
                        input));
    }

    /** By one who has the vault's key. */
    @Test
    void what_is_sealed_in_a_note_is_read_or_refused() {
        var note = new BackupNote(new Totals(2, 1, 3, 0, "ab".repeat(32)), 1_000_000, "cd".repeat(32));
        Fuzz.of("backup-note")
                .good("note", note.encode())
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(BackupNote.decode(input).encode()).isEqualTo(input));
    }

    @Test
    void a_file_s_name_is_read_or_is_none() {
        Fuzz.of("backup-name")
                .good("name", "payments/payments/20260102T030405678Z-01234567.kluis")
                .words("/", ".kluis", "-", "20260229T240000000Z", "00000000T000000000Z", "\n")
                .run(input -> {
                    String text = new String(input, UTF_8);
                    BackupName.parse(text)
                            .ifPresent(name -> assertThat(name.toString()).isEqualTo(text));
                });
    }
}
