package dev.kluis.vault.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultRecipient;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.backup.ObjectSnapshot.VersionSnapshot;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectPolicy;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.SecretDetail;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.seal.RootKeySeal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The forms as docs/reference/backup.md specifies them, against the vectors beside that page. */
class BackupVectorsTest {

    private static final Path VECTORS = Path.of("../../docs/reference/backup-vectors.properties");
    private static final HexFormat HEX = HexFormat.of();
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    static final VaultId VAULT = new VaultId("payments", "payments");
    private static final VaultSettings SETTINGS =
            new VaultSettings(90, true, new TreeSet<>(List.of("checkout")), Optional.of(Duration.ofHours(1)));

    /** Gives the same byte again and again. */
    private static final class Filled extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte with;

        private Filled(int with) {
            this.with = (byte) with;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, with);
        }
    }

    static SecretBytes filled(int with) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) with);
        return SecretBytes.owning(raw);
    }

    static RecipientKeyPair officer() {
        return RecipientKeyPair.of(filled(0x66));
    }

    static ObjectBlob blobs() {
        return new ObjectBlob(
                new RootKeySeal("kubernetes", SealingKey.of(filled(0x11)), new Filled(0)), new Filled(0x88));
    }

    private static VaultState vaultState() {
        return new VaultState(
                SETTINGS,
                new Lifecycle.Active(),
                SealingKey.of(filled(0x33)),
                new TreeMap<>(Map.of(1, SealingKey.of(filled(0x44)))),
                new TreeMap<>(Map.of(1, new VaultRecipient(TIME, officer()))));
    }

    static ObjectSnapshot object() {
        var attributes = new Attributes(
                true, Optional.empty(), Optional.of(Instant.parse("2027-01-01T00:00:00Z")), Map.of("owner", "billing"));
        return new ObjectSnapshot(
                ObjectId.secret(VAULT, "db-password"),
                "0123456789abcdef0123456789abcdef",
                7,
                TIME,
                new Lifecycle.Deleted(TIME, TIME.plus(Duration.ofDays(90))),
                false,
                ObjectPolicy.NONE,
                Optional.of(new Ownership(new Owner("VaultSecret", "payments", "db-password"), "2026-01", true, "")),
                List.of(new VersionSnapshot(
                        "00112233445566778899aabbccddeeff",
                        TIME,
                        TIME,
                        attributes,
                        new SecretDetail("text/plain"),
                        SecretBytes.owning("correct horse battery staple".getBytes(UTF_8)))));
    }

    /** The key of RFC 8032 §7.1, test 1. */
    static ObjectSnapshot key() {
        byte[] spki = HEX.parseHex(
                "302a300506032b6570032100" + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        try {
            var detail = new KeyDetail(
                    new KeySpec.Okp(),
                    Set.of(KeyOperation.SIGN),
                    false,
                    Optional.empty(),
                    Optional.of(PublicKeyForm.ofSpki(spki)),
                    false);
            return new ObjectSnapshot(
                    ObjectId.key(VAULT, "signing"),
                    "0123456789abcdef0123456789abcdef",
                    2,
                    TIME,
                    new Lifecycle.Active(),
                    true,
                    new RotationPolicy(
                            TIME,
                            TIME,
                            Optional.of(new CalendarPeriod("P1Y")),
                            Optional.empty(),
                            Optional.of(new RotationPolicy.BeforeExpiry(new CalendarPeriod("P30D")))),
                    Optional.empty(),
                    List.of(new VersionSnapshot(
                            "00112233445566778899aabbccddeeff",
                            TIME,
                            TIME,
                            Attributes.NONE,
                            detail,
                            SecretBytes.owning(HEX.parseHex("302e020100300506032b657004220420"
                                    + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))));
        } catch (KeyRefusedException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] file() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var key = SealingKey.of(filled(0x88))) {
            var signer = BackupHeader.signingKey(vaultState());
            var header = BackupHeader.make(
                    VAULT,
                    TIME,
                    TIME.plus(Duration.ofDays(90)),
                    signer,
                    officer().publicKey(),
                    key,
                    new Filled(0x77));
            var writer = new BackupWriter(out, header, key);
            writer.vault(new BackedUpVault(
                    "fedcba9876543210fedcba9876543210",
                    3,
                    SETTINGS,
                    List.copyOf(vaultState().recipients().values())));
            writer.object(object());
            writer.finish(0);
        }
        return out.toByteArray();
    }

    private static BackupNote note() {
        return new BackupNote(new Totals(1, 1, 1, 0, "ab".repeat(32)), 1234, "cd".repeat(32));
    }

    private static byte[] sealedNote() throws IOException {
        try (var key = BackupNote.Key.of(vaultState())) {
            return key.seal(BackupReader.header(new ByteArrayInputStream(file())), note(), new Filled(0x99));
        }
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
        var made = new TreeMap<>(Map.of(
                "blob", HEX.formatHex(blobs().seal(object())),
                "blob.key", HEX.formatHex(blobs().seal(key())),
                "file", HEX.formatHex(file()),
                "note", HEX.formatHex(sealedNote()),
                "signer", BackupHeader.signingKey(vaultState()).verifyingKey().hex()));
        if (Boolean.getBoolean("kluis.vectors.write")) {
            Files.writeString(
                    VECTORS,
                    made.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }

        assertThat(committed()).containsExactlyInAnyOrderEntriesOf(made);
    }

    @Test
    void the_vectors_open_to_what_was_sealed() throws IOException {
        var vectors = committed();

        assertSame(blobs().open(HEX.parseHex(vectors.getProperty("blob"))));
        assertThat(blobs().open(HEX.parseHex(vectors.getProperty("blob.key"))))
                .usingRecursiveComparison()
                .isEqualTo(key());
        var reader = BackupReader.open(new ByteArrayInputStream(HEX.parseHex(vectors.getProperty("file"))), officer());
        assertThat(reader.header().expires()).isEqualTo(TIME.plus(Duration.ofDays(90)));
        assertThat(reader.header().signer().hex()).isEqualTo(vectors.getProperty("signer"));
        assertThat(reader.vault().settings()).isEqualTo(SETTINGS);
        assertThat(reader.vault().recipients()).hasSize(1);
        try (var key = BackupNote.Key.of(vaultState())) {
            assertThat(key.open(reader.header(), HEX.parseHex(vectors.getProperty("note"))))
                    .contains(note());
        }
        assertSame(reader.next(VAULT).orElseThrow());
        assertThat(reader.next(VAULT)).isEmpty();
        assertThat(reader.totals().orElseThrow().versions()).isEqualTo(1);
    }

    private static void assertSame(ObjectSnapshot opened) {
        assertThat(opened).usingRecursiveComparison().isEqualTo(object());
        assertThat(opened.versions().getFirst().value().reveal(SecretAccess.GRANTED))
                .asString(UTF_8)
                .isEqualTo("correct horse battery staple");
    }

    @Test
    void what_is_inside_the_seals_is_decoded_or_refused_whatever_it_is() throws IOException {
        var out = new ByteArrayOutputStream();
        SnapshotCodec.write(out, object());
        byte[] good = out.toByteArray();
        byte[] vault = new BackedUpVault("0".repeat(32), 1, SETTINGS, List.of())
                .encode()
                .toBytes();
        byte[] end = new Totals(1, 1, 1, 0, "0".repeat(64)).encode().toBytes();
        long seed = Long.getLong("kluis.seed", new Random().nextLong());
        System.out.println("seed of the decoders: -Dkluis.seed=" + seed);
        var random = new Random(seed);
        int decoded = 0;
        for (int i = 0; i < 300_000; i++) {
            decoded += decodes(changed(good, random), changed(vault, random), changed(end, random)) ? 1 : 0;
        }
        assertThat(decoded).as("some changes are of values and times only").isPositive();
    }

    private static byte[] changed(byte[] good, Random random) {
        byte[] bytes = random.nextInt(8) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 8)) : good.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static boolean decodes(byte[] object, byte[] vault, byte[] end) throws IOException {
        boolean all = true;
        try {
            SnapshotCodec.read(new ByteArrayInputStream(object), VAULT).close();
        } catch (MalformedRecordException e) {
            all = false;
        }
        try {
            BackedUpVault.decode(vault);
            Totals.decode(end);
        } catch (MalformedRecordException e) {
            all = false;
        }
        return all;
    }
}
