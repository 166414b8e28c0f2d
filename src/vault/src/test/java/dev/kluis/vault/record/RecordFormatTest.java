package dev.kluis.vault.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultRecipient;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ReleasePolicy;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.SecretDetail;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.store.RecordBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The format as docs/reference/format.md specifies it, against the vectors beside that page. */
class RecordFormatTest {

    private static final Path VECTORS = Path.of("../../docs/reference/format-vectors.properties");
    private static final HexFormat HEX = HexFormat.of();
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    static final VaultId VAULT = new VaultId("payments", "payments");
    static final ObjectId SECRET = ObjectId.secret(VAULT, "db-password");
    static final ObjectId KEY = ObjectId.key(VAULT, "signing");
    private static final String INCARNATION = "0123456789abcdef0123456789abcdef";
    private static final String VERSION = "00112233445566778899aabbccddeeff";
    private static final String VALUE = "correct horse battery staple";

    /** Nonces of the vectors: 00, 01, 02, ... */
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

    private static SealingKey key(int filledWith) {
        byte[] raw = new byte[SealingKey.LENGTH];
        Arrays.fill(raw, (byte) filledWith);
        return SealingKey.of(SecretBytes.owning(raw));
    }

    static RecordFormat format() {
        return new RecordFormat(new RootKeySeal("kubernetes", key(0x11), new Counting()), new Counting());
    }

    static VaultState vaultState() {
        return new VaultState(
                new VaultSettings(90, true, new TreeSet<>(List.of("checkout")), Optional.of(Duration.ofHours(1))),
                new Lifecycle.Active(),
                key(0x33),
                new TreeMap<>(Map.of(1, key(0x44), 2, key(0x55))),
                new TreeMap<>(Map.of(
                        1,
                        new VaultRecipient(TIME, RecipientKeyPair.of(key(0x66).reveal(SecretAccess.GRANTED))))));
    }

    static ObjectState secretState() {
        var attributes = new Attributes(
                true, Optional.empty(), Optional.of(Instant.parse("2027-01-01T00:00:00Z")), Map.of("owner", "billing"));
        return new ObjectState(
                List.of(new ObjectVersion(
                        VERSION,
                        TIME,
                        TIME,
                        attributes,
                        new SecretDetail("text/plain"),
                        VALUE.length(),
                        RecordFormat.commitment(vaultState(), value()),
                        false)),
                new Lifecycle.Deleted(TIME, TIME.plus(Duration.ofDays(90))));
    }

    /** The key of RFC 8032 §7.1, test 1. */
    static ObjectState keyState() {
        var detail = new KeyDetail(
                new KeySpec.Okp(),
                Set.of(KeyOperation.SIGN, KeyOperation.VERIFY),
                true,
                Optional.of(new ReleasePolicy("application/json", "{\"version\":\"1.0.0\"}", true)),
                Optional.of(publicKey()),
                false);
        var policy = new RotationPolicy(
                TIME,
                TIME,
                Optional.of(new CalendarPeriod("P1Y6M")),
                Optional.of(new RotationPolicy.AfterCreation(new CalendarPeriod("P90D"))),
                Optional.of(new RotationPolicy.BeforeExpiry(new CalendarPeriod("P30D"))));
        return new ObjectState(
                List.of(new ObjectVersion(
                        VERSION,
                        TIME,
                        TIME,
                        new Attributes(true, Optional.of(TIME), Optional.empty(), Map.of("owner", "billing")),
                        detail,
                        keyValue().length(),
                        RecordFormat.commitment(vaultState(), keyValue()),
                        false)),
                new Lifecycle.Active(),
                false,
                policy);
    }

    private static PublicKeyForm publicKey() {
        try {
            return PublicKeyForm.ofSpki(HEX.parseHex(
                    "302a300506032b6570032100" + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        } catch (KeyRefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static SecretBytes keyValue() {
        return SecretBytes.owning(HEX.parseHex("302e020100300506032b657004220420"
                + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    }

    static RecordBytes keyRecord() {
        var format = format();
        var sealed = format.seal(vaultState(), KEY, INCARNATION, VERSION, keyValue());
        return format.write(
                vaultState(),
                header(
                        KEY,
                        "KeyImport",
                        Optional.empty(),
                        RecordFormat.commitment(vaultState(), ObjectKind.KEY, keyState())),
                keyState(),
                Map.of(VERSION, sealed),
                Map.of());
    }

    private static SecretBytes value() {
        return SecretBytes.owning(VALUE.getBytes(UTF_8));
    }

    private static RecordHeader header(
            ObjectId id, String operation, Optional<Ownership> ownership, String commitment) {
        return new RecordHeader(
                id,
                INCARNATION,
                1,
                TIME,
                "fedcba9876543210fedcba9876543210",
                operation,
                "resource:VaultSecret/payments/db-password",
                ownership,
                RecordHeader.NO_PREVIOUS,
                commitment);
    }

    static RecordBytes vaultRecord() {
        return format().write(
                        header(
                                ObjectId.vault(VAULT),
                                "VaultPut",
                                Optional.empty(),
                                RecordFormat.commitment(vaultState())),
                        vaultState(),
                        key(0x22));
    }

    static RecordBytes secretRecord() {
        var format = format();
        var sealed = format.seal(vaultState(), SECRET, INCARNATION, VERSION, value());
        var ownership = Optional.of(new Ownership(
                new Owner("VaultSecret", "payments", "db-password"), "2026-01", true, SealedText.hash("kluis1:")));
        return format.write(
                vaultState(),
                header(
                        SECRET,
                        "SecretDelete",
                        ownership,
                        RecordFormat.commitment(vaultState(), ObjectKind.SECRET, secretState())),
                secretState(),
                Map.of(VERSION, sealed),
                Map.of());
    }

    /** The root's key signs it: Ed25519 has one signature of a message. */
    static RecordBytes checkpointRecord() {
        return format().checkpoints()
                .write(
                        vaultState(),
                        header(ObjectId.checkpoint(VAULT), "Checkpoint", Optional.empty(), RecordHeader.NO_PREVIOUS),
                        checkpoint(new Checkpoint.Inline(marks())));
    }

    private static Properties committed() throws IOException {
        var vectors = new Properties();
        try (var in = Files.newBufferedReader(VECTORS)) {
            vectors.load(in);
        }
        return vectors;
    }

    /** {@code -Dkluis.vectors.write=true} writes them. */
    @Test
    void the_vectors_are_what_is_written() throws IOException {
        var made = new TreeMap<>(Map.ofEntries(
                Map.entry("checkpoint.header", HEX.formatHex(checkpointRecord().header())),
                Map.entry("checkpoint.sealed", HEX.formatHex(checkpointRecord().sealed())),
                Map.entry("vault.header", HEX.formatHex(vaultRecord().header())),
                Map.entry("vault.sealed", HEX.formatHex(vaultRecord().sealed())),
                Map.entry("secret.header", HEX.formatHex(secretRecord().header())),
                Map.entry("secret.sealed", HEX.formatHex(secretRecord().sealed())),
                Map.entry("secret.link", linkOf(secretRecord())),
                Map.entry("secret.commitment", RecordFormat.commitment(vaultState(), ObjectKind.SECRET, secretState())),
                Map.entry("key.header", HEX.formatHex(keyRecord().header())),
                Map.entry("key.sealed", HEX.formatHex(keyRecord().sealed())),
                Map.entry("value.commitment", RecordFormat.commitment(vaultState(), value()))));
        if (Boolean.getBoolean("kluis.vectors.write")) {
            Files.writeString(
                    VECTORS,
                    made.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }

        assertThat(committed()).containsExactlyInAnyOrderEntriesOf(made);
    }

    private static String linkOf(RecordBytes record) {
        try {
            return RecordHeader.decode(record.header()).link();
        } catch (MalformedRecordException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_vectors_open_to_what_was_sealed() throws IOException, MalformedRecordException {
        var vectors = committed();
        var vault = format().readVault(ObjectId.vault(VAULT), record(vectors, "vault"));
        assertThat(vault.state().settings()).isEqualTo(vaultState().settings());
        assertThat(vault.state().dataKeys()).hasSize(2);
        assertThat(vault.state().recipients().get(1).created()).isEqualTo(TIME);

        var checkpoint =
                format().checkpoints().read(ObjectId.checkpoint(VAULT), record(vectors, "checkpoint"), vault.state());
        assertThat(checkpoint.state()).isEqualTo(checkpoint(new Checkpoint.Inline(marks())));
        assertThat(format().checkpoints().current(checkpoint)).isTrue();

        var secret = format().read(SECRET, record(vectors, "secret"), vault.state());
        assertThat(secret.state()).isEqualTo(secretState());
        assertThat(secret.header().ownership().orElseThrow().rotate()).isEqualTo("2026-01");
        try (var opened = format().open(
                        vault.state(),
                        secret.header(),
                        secret.state(),
                        VERSION,
                        secret.values().get(VERSION))) {
            assertThat(opened.reveal(SecretAccess.GRANTED)).asString(UTF_8).isEqualTo(VALUE);
        }
    }

    @Test
    void the_vector_of_a_key_opens_with_all_that_a_key_has() throws IOException, MalformedRecordException {
        var opened = format().read(KEY, record(committed(), "key"), vaultState());
        assertThat(opened.state()).isEqualTo(keyState());
        try (var value = format().open(
                        vaultState(),
                        opened.header(),
                        opened.state(),
                        VERSION,
                        opened.values().get(VERSION))) {
            assertThat(value).isEqualTo(keyValue());
        }
    }

    @Test
    void a_key_does_not_open_as_the_secret_of_its_name() {
        var elsewhere = ObjectId.secret(VAULT, "signing");
        assertThatThrownBy(() -> format().read(elsewhere, keyRecord(), vaultState()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("lies as");
    }

    @Test
    void a_record_of_another_version_of_the_format_is_refused_by_its_number() {
        byte[] header = secretRecord().header();
        header[3] = 1;
        assertThatThrownBy(() -> RecordHeader.decode(header))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("a record of format version 1, and this Kluis reads version 2");
    }

    private static RecordBytes record(Properties vectors, String name) {
        return new RecordBytes(
                HEX.parseHex(vectors.getProperty(name + ".header")),
                HEX.parseHex(vectors.getProperty(name + ".sealed")));
    }

    @Test
    void the_checkpoint_s_signature_is_verified_by_who_has_no_key_of_a_vault() throws IOException {
        var checkpoint = record(committed(), "checkpoint");
        byte[] sealed = checkpoint.sealed();
        byte[] upToSignature = Arrays.copyOf(sealed, sealed.length - 64);
        var key = VerifyingKey.of(Arrays.copyOfRange(sealed, sealed.length - 96, sealed.length - 64));
        byte[] signed = new Writer()
                .bytes("kluis store checkpoint 1\n".getBytes(UTF_8))
                .block(checkpoint.header())
                .bytes(upToSignature)
                .toBytes();

        assertThat(key.verify(signed, Arrays.copyOfRange(sealed, sealed.length - 64, sealed.length)))
                .isTrue();
    }

    @Test
    void a_record_does_not_open_as_another_object() {
        var elsewhere = ObjectId.secret(VAULT, "other");
        assertThatThrownBy(() -> format().read(elsewhere, secretRecord(), vaultState()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("lies as");
    }

    @Test
    void attack_20_a_record_does_not_open_when_any_one_bit_is_another() {
        var record = secretRecord();
        for (int i = 0; i < record.header().length * 8; i++) {
            var changed = new RecordBytes(flipped(record.header(), i), record.sealed());
            assertThatThrownBy(() -> format().read(SECRET, changed, vaultState()))
                    .isInstanceOf(MalformedRecordException.class);
        }
        for (int i = 0; i < record.sealed().length * 8; i++) {
            var changed = new RecordBytes(record.header(), flipped(record.sealed(), i));
            assertThatThrownBy(() -> format().read(SECRET, changed, vaultState()))
                    .isInstanceOf(MalformedRecordException.class);
        }
        var checkpoint = checkpointRecord();
        var id = ObjectId.checkpoint(VAULT);
        for (int i = 0; i < checkpoint.header().length * 8; i++) {
            var changed = new RecordBytes(flipped(checkpoint.header(), i), checkpoint.sealed());
            assertThatThrownBy(() -> format().checkpoints().read(id, changed, vaultState()))
                    .isInstanceOf(MalformedRecordException.class);
        }
        for (int i = 0; i < checkpoint.sealed().length * 8; i++) {
            var changed = new RecordBytes(checkpoint.header(), flipped(checkpoint.sealed(), i));
            assertThatThrownBy(() -> format().checkpoints().read(id, changed, vaultState()))
                    .isInstanceOf(MalformedRecordException.class);
        }
        var vault = vaultRecord();
        for (int i = 0; i < vault.sealed().length * 8; i++) {
            var changed = new RecordBytes(vault.header(), flipped(vault.sealed(), i));
            assertThatThrownBy(() -> format().readVault(ObjectId.vault(VAULT), changed))
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }

    /** Cut, lengthened, spliced and overwritten at random: refused, and never by any other exception. */
    @Test
    void any_bytes_are_decoded_or_refused() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + ")");
        var random = new Random(seed);
        byte[] header = secretRecord().header();
        byte[] sealed = secretRecord().sealed();
        byte[] secretPlain = plain(ObjectCodec.encode(ObjectKind.SECRET, secretState()));
        byte[] keyPlain = plain(ObjectCodec.encode(ObjectKind.KEY, keyState()));
        byte[] vaultPlain = plain(StateCodec.encode(vaultState()));
        byte[] inline = plain(CheckpointCodec.encode(checkpoint(new Checkpoint.Inline(marks()))));
        byte[] buckets = plain(CheckpointCodec.encode(checkpoint(new Checkpoint.Buckets(
                List.of(Optional.of(new Checkpoint.Bucket(VERSION, "ab".repeat(32))), Optional.empty())))));
        byte[] marks = plain(CheckpointCodec.encode(marks()));
        for (int round = 0; round < 50_000; round++) {
            refuseOrDecode(() -> RecordHeader.decode(mutated(header, random)));
            refuseOrDecode(() -> ObjectCodec.decode(ObjectKind.SECRET, mutated(secretPlain, random)));
            refuseOrDecode(() -> ObjectCodec.decode(ObjectKind.KEY, mutated(keyPlain, random)));
            refuseOrDecode(() -> StateCodec.decodeVault(mutated(vaultPlain, random)));
            refuseOrDecode(() -> CheckpointCodec.decode(VAULT, mutated(inline, random)));
            refuseOrDecode(() -> CheckpointCodec.decode(VAULT, mutated(buckets, random)));
            refuseOrDecode(() -> CheckpointCodec.decodeMarks(VAULT, mutated(marks, random)));
            refuseOrDecode(() -> format().read(SECRET, new RecordBytes(header, mutated(sealed, random)), vaultState()));
        }
    }

    private static Checkpoint checkpoint(Checkpoint.Marks marks) {
        return new Checkpoint(new Moment(Instant.ofEpochMilli(2), Instant.ofEpochMilli(1)), marks);
    }

    private static SortedMap<ObjectId, Checkpoint.Mark> marks() {
        var marks = new TreeMap<ObjectId, Checkpoint.Mark>();
        marks.put(ObjectId.vault(VAULT), new Checkpoint.Mark(1, "cd".repeat(32)));
        marks.put(SECRET, new Checkpoint.Mark(2, "ef".repeat(32)));
        return marks;
    }

    @Test
    void a_checkpoint_comes_back_as_it_was_written() throws MalformedRecordException {
        for (var form : List.of(
                new Checkpoint.Inline(marks()),
                new Checkpoint.Buckets(
                        List.of(Optional.empty(), Optional.of(new Checkpoint.Bucket(VERSION, "ab".repeat(32))))))) {
            var checkpoint = checkpoint(form);
            assertThat(CheckpointCodec.decode(VAULT, plain(CheckpointCodec.encode(checkpoint))))
                    .isEqualTo(checkpoint);
        }
        assertThat(CheckpointCodec.decodeMarks(VAULT, plain(CheckpointCodec.encode(marks()))))
                .isEqualTo(marks());
    }

    private static byte[] plain(SecretBytes encoded) {
        return encoded.reveal(SecretAccess.GRANTED);
    }

    private interface Decoding {
        Object run() throws MalformedRecordException;
    }

    private static void refuseOrDecode(Decoding decoding) {
        try {
            assertThat(decoding.run()).isNotNull();
        } catch (MalformedRecordException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] changed =
                Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 40) : bytes.length);
        for (int i = random.nextInt(6); i >= 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (random.nextBoolean() ? 0xff : 0);
        }
        return changed;
    }
}
