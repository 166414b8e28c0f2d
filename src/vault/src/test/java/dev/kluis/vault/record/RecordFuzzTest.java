package dev.kluis.vault.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.store.RecordBytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the store holds, sealed and opened. What is decoded has no second form. */
@Tag("fuzz")
class RecordFuzzTest {

    private static byte[] plain(SecretBytes encoded) {
        return encoded.reveal(SecretAccess.GRANTED);
    }

    @Test
    void a_header_is_decoded_or_refused() {
        Fuzz.of("record-header")
                .good("secret", RecordFormatTest.secretRecord().header())
                .good("vault", RecordFormatTest.vaultRecord().header())
                .words("payments", "VaultSecret/payments/db-password", "SecretDelete", "/", "A", ".")
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(RecordHeader.decode(input).encode()).isEqualTo(input));
    }

    @Test
    void a_secret_s_state_is_decoded_or_refused() {
        Fuzz.of("secret-state")
                .good("secret", plain(ObjectCodec.encode(ObjectKind.SECRET, RecordFormatTest.secretState())))
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(plain(
                                ObjectCodec.encode(ObjectKind.SECRET, ObjectCodec.decode(ObjectKind.SECRET, input))))
                        .isEqualTo(input));
    }

    @Test
    void a_key_s_state_is_decoded_or_refused() {
        Fuzz.of("key-state")
                .good("key", plain(ObjectCodec.encode(ObjectKind.KEY, RecordFormatTest.keyState())))
                .words("RSA-2048", "EC-P-256", "oct-256", "P30D", "P1Y6M")
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(
                                plain(ObjectCodec.encode(ObjectKind.KEY, ObjectCodec.decode(ObjectKind.KEY, input))))
                        .isEqualTo(input));
    }

    @Test
    void a_vault_s_state_is_decoded_or_refused() {
        Fuzz.of("vault-state")
                .good("vault", plain(StateCodec.encode(RecordFormatTest.vaultState())))
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(plain(StateCodec.encode(StateCodec.decodeVault(input))))
                        .isEqualTo(input));
    }

    @Test
    void a_checkpoint_is_decoded_or_refused() {
        Fuzz.of("checkpoint")
                .good("inline", checkpoint(new Checkpoint.Inline(marks())))
                .good(
                        "buckets",
                        checkpoint(new Checkpoint.Buckets(List.of(
                                Optional.of(new Checkpoint.Bucket("12".repeat(16), "ab".repeat(32))),
                                Optional.empty()))))
                .words("payments", "db-password", "A")
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(
                                plain(CheckpointCodec.encode(CheckpointCodec.decode(RecordFormatTest.VAULT, input))))
                        .isEqualTo(input));
    }

    private static byte[] checkpoint(Checkpoint.Marks marks) {
        return plain(CheckpointCodec.encode(
                new Checkpoint(new Moment(Instant.ofEpochMilli(2), Instant.ofEpochMilli(1)), marks)));
    }

    private static SortedMap<ObjectId, Checkpoint.Mark> marks() {
        var marks = new TreeMap<ObjectId, Checkpoint.Mark>();
        marks.put(ObjectId.vault(RecordFormatTest.VAULT), new Checkpoint.Mark(1, "cd".repeat(32)));
        marks.put(RecordFormatTest.SECRET, new Checkpoint.Mark(2, "ef".repeat(32)));
        return marks;
    }

    @Test
    void marks_are_decoded_or_refused() {
        Fuzz.of("checkpoint-marks")
                .good("two", plain(CheckpointCodec.encode(marks())))
                .words("payments", "db-password", "A")
                .refusing(MalformedRecordException.class)
                .run(input -> assertThat(plain(
                                CheckpointCodec.encode(CheckpointCodec.decodeMarks(RecordFormatTest.VAULT, input))))
                        .isEqualTo(input));
    }

    @Test
    void a_record_of_a_secret_is_read_or_refused() {
        Fuzz.of("secret-record")
                .good("secret", both(RecordFormatTest.secretRecord()))
                .refusing(MalformedRecordException.class)
                .run(input -> RecordFormatTest.format()
                        .read(RecordFormatTest.SECRET, record(input), RecordFormatTest.vaultState()));
    }

    @Test
    void a_record_of_a_key_is_read_or_refused() {
        Fuzz.of("key-record")
                .good("key", both(RecordFormatTest.keyRecord()))
                .refusing(MalformedRecordException.class)
                .run(input -> RecordFormatTest.format()
                        .read(RecordFormatTest.KEY, record(input), RecordFormatTest.vaultState()));
    }

    @Test
    void a_record_of_a_vault_is_read_or_refused() {
        Fuzz.of("vault-record")
                .good("vault", both(RecordFormatTest.vaultRecord()))
                .refusing(MalformedRecordException.class)
                .run(input -> {
                    RecordFormatTest.format().current(record(input));
                    RecordFormatTest.format().readVault(ObjectId.vault(RecordFormatTest.VAULT), record(input));
                });
    }

    @Test
    void a_record_of_a_checkpoint_is_read_or_refused() {
        Fuzz.of("checkpoint-record")
                .good("checkpoint", both(RecordFormatTest.checkpointRecord()))
                .refusing(MalformedRecordException.class)
                .run(input -> {
                    RecordFormatTest.format().checkpoints().current(record(input));
                    RecordFormatTest.format()
                            .checkpoints()
                            .read(
                                    ObjectId.checkpoint(RecordFormatTest.VAULT),
                                    record(input),
                                    RecordFormatTest.vaultState());
                });
    }

    /** The header as a block, and the sealed part as another. */
    private static byte[] both(RecordBytes record) {
        return new Writer().block(record.header()).block(record.sealed()).toBytes();
    }

    private static RecordBytes record(byte[] both) throws MalformedRecordException {
        var in = new Reader(both);
        var record = new RecordBytes(in.block(), in.block());
        in.end();
        return record;
    }
}
