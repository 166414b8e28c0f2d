package dev.kluis.vault.record;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.seal.Seal;
import dev.kluis.vault.store.RecordBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seals states and values into records and opens them again, as docs/reference/format.md specifies. A record opens only
 * where it was written, under the revision that it was written as, and unchanged.
 */
public final class RecordFormat {

    private static final byte[] STATE_CONTEXT = {'K', 'L', 'S', 1};
    private static final byte[] VALUE_CONTEXT = {'K', 'L', 'V', 1};
    private static final int IN_RECORD = 0;
    private static final int IN_CONTENT = 1;
    private static final byte[] KEY_CONTEXT = {'K', 'L', 'K', 1};

    private final Seal seal;
    private final SecureRandom random;
    private final CheckpointFormat checkpoints;

    public RecordFormat(Seal seal, SecureRandom random) {
        this.seal = seal;
        this.random = random;
        this.checkpoints = new CheckpointFormat(this, seal);
    }

    /** The format of checkpoints. */
    public CheckpointFormat checkpoints() {
        return checkpoints;
    }

    /** A value as it lies in a record or a content: the generation of its data key and the sealed bytes. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record SealedValue(int generation, byte[] sealed) {

        public byte[] encode() {
            return new Writer().u32(generation).bytes(sealed).toBytes();
        }

        public static SealedValue decode(byte[] bytes) throws MalformedRecordException {
            var in = new Reader(bytes);
            return new SealedValue(in.u32(), in.bytes(Math.max(0, bytes.length - 4)));
        }
    }

    /**
     * An opened record of an object; the values stay sealed, by version.
     *
     * @param values that lie in the record, by version
     * @param contents the generation of the data key of those that lie in contents, by version
     * @param generation of the data key that the state is sealed under
     */
    public record ObjectRecord(
            RecordHeader header,
            ObjectState state,
            Map<String, SealedValue> values,
            Map<String, Integer> contents,
            int generation) {

        public ObjectRecord {
            values = Map.copyOf(values);
            contents = Map.copyOf(contents);
        }

        /** Whether all of it is sealed under this data key. */
        public boolean sealedUnder(int newest) {
            return generation == newest
                    && values.values().stream().allMatch(value -> value.generation() == newest)
                    && contents.values().stream().allMatch(one -> one == newest);
        }
    }

    /** What a content of a version is called: another generation's is another content, since none ever changes. */
    public static String contentName(String version, int generation) {
        return version + "-" + generation;
    }

    /**
     * An opened record of a checkpoint.
     *
     * @param generation of the data key that it is sealed under, and its contents with it
     * @param signer the key that signed it
     */
    public record CheckpointRecord(RecordHeader header, Checkpoint state, int generation, VerifyingKey signer) {}

    /** A bucket of marks, and the content that holds it. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record SealedBucket(Checkpoint.Bucket bucket, byte[] sealed) {}

    /** An opened record of a vault; the caller keeps the vault key with the state. */
    public record VaultRecord(RecordHeader header, VaultState state, SealingKey vaultKey) {}

    /** The commitment to an object's state, for its header. */
    public static String commitment(VaultState vault, ObjectKind kind, ObjectState state) {
        try (var encoded = ObjectCodec.encode(kind, state)) {
            return commitment(vault, encoded);
        }
    }

    public static String commitment(VaultState vault, SecretBytes bytes) {
        return HexFormat.of().formatHex(vault.commitment().commit(bytes));
    }

    /** The commitment to a vault's own state, for its header. */
    public static String commitment(VaultState vault) {
        try (var encoded = StateCodec.encode(vault)) {
            return commitment(vault, encoded);
        }
    }

    /**
     * @param values that lie in the record, by version
     * @param contents the generation of the data key of those that lie in contents, by version
     */
    public RecordBytes write(
            VaultState vault,
            RecordHeader header,
            ObjectState state,
            Map<String, SealedValue> values,
            Map<String, Integer> contents) {
        try (var plain = ObjectCodec.encode(header.id().kind(), state)) {
            return write(vault, header, plain, values, contents);
        }
    }

    RecordBytes write(
            VaultState vault,
            RecordHeader header,
            SecretBytes plain,
            Map<String, SealedValue> values,
            Map<String, Integer> contents) {
        byte[] encodedHeader = header.encode();
        int generation = vault.dataKeys().lastKey();
        var out = new Writer().u32(generation);
        out.block(newest(vault).seal(plain, stateContext(generation, encodedHeader), random));
        out.u16(values.size() + contents.size());
        values.forEach((version, value) -> out.hex(version).u8(IN_RECORD).block(value.encode()));
        contents.forEach((version, one) -> out.hex(version).u8(IN_CONTENT).u32(one));
        return new RecordBytes(encodedHeader, out.toBytes());
    }

    /** @param vault the vault whose object lies at this id */
    public ObjectRecord read(ObjectId id, RecordBytes bytes, VaultState vault) throws MalformedRecordException {
        var opened = open(id, bytes, vault);
        try (var plain = opened.plain()) {
            var state = ObjectCodec.decode(id.kind(), plain.reveal(SecretAccess.GRANTED));
            requireValues(state, opened);
            for (var entry : opened.values().entrySet()) {
                // Opened once here, so that an edit is told when it happens and not when somebody needs the value.
                open(vault, opened.header(), state, entry.getKey(), entry.getValue())
                        .close();
            }
            return new ObjectRecord(opened.header(), state, opened.values(), opened.contents(), opened.generation());
        }
    }

    /** What a record of any object but a vault holds; the caller closes the state. */
    record OpenedObject(
            RecordHeader header,
            int generation,
            SecretBytes plain,
            Map<String, SealedValue> values,
            Map<String, Integer> contents) {}

    static OpenedObject open(ObjectId id, RecordBytes bytes, VaultState vault) throws MalformedRecordException {
        var header = headerOf(id, bytes);
        var in = new Reader(bytes.sealed());
        int generation = in.u32();
        byte[] sealed = in.block();
        int count = in.u16();
        var values = new LinkedHashMap<String, SealedValue>();
        var contents = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            String version = in.hex(16);
            if (in.flag()) {
                contents.put(version, in.u32());
            } else {
                values.put(version, SealedValue.decode(in.block()));
            }
        }
        in.end();
        try {
            var plain = dataKey(vault, generation).open(sealed, stateContext(generation, bytes.header()));
            requireCommitment(vault, header, plain);
            return new OpenedObject(header, generation, plain, values, contents);
        } catch (SealedBytesException e) {
            throw new MalformedRecordException("the record does not open");
        }
    }

    /** The value of a version that the state has, which the caller closes. */
    public SecretBytes open(VaultState vault, RecordHeader header, ObjectState state, String version, SealedValue value)
            throws MalformedRecordException {
        var opened = open(vault, header.id(), header.incarnation(), version, value);
        boolean same = state.version(version)
                .filter(one -> commitment(vault, opened).equals(one.commitment()))
                .isPresent();
        if (!same) {
            opened.close();
            throw new MalformedRecordException("the value of version " + version + " is another one");
        }
        return opened;
    }

    public RecordBytes write(RecordHeader header, VaultState state, SealingKey vaultKey) {
        byte[] encodedHeader = header.encode();
        var out = new Writer().block(seal.wrap(vaultKey, keyContext(header)));
        try (var plain = StateCodec.encode(state)) {
            out.block(vaultKey.seal(plain, stateContext(0, encodedHeader), random));
        }
        return new RecordBytes(encodedHeader, out.toBytes());
    }

    public VaultRecord readVault(ObjectId id, RecordBytes bytes) throws MalformedRecordException {
        var header = headerOf(id, bytes);
        var in = new Reader(bytes.sealed());
        byte[] wrapped = in.block();
        byte[] sealed = in.block();
        in.end();
        try {
            var vaultKey = seal.unwrap(wrapped, keyContext(header));
            try (var plain = vaultKey.open(sealed, stateContext(0, bytes.header()))) {
                byte[] encoded = plain.reveal(SecretAccess.GRANTED);
                var state = StateCodec.decodeVault(encoded);
                Arrays.fill(encoded, (byte) 0);
                requireCommitment(state, header, plain);
                return new VaultRecord(header, state, vaultKey);
            }
        } catch (SealedBytesException e) {
            throw new MalformedRecordException("the record does not open under this root key");
        }
    }

    /** Whether the key in a vault's record is wrapped by the newest root. */
    public boolean current(RecordBytes vaultRecord) throws MalformedRecordException {
        return seal.current(new Reader(vaultRecord.sealed()).block());
    }

    public SealedValue seal(VaultState vault, ObjectId id, String incarnation, String version, SecretBytes value) {
        int generation = vault.dataKeys().lastKey();
        return new SealedValue(
                generation, newest(vault).seal(value, valueContext(generation, id, incarnation, version), random));
    }

    SecretBytes open(VaultState vault, ObjectId id, String incarnation, String version, SealedValue value)
            throws MalformedRecordException {
        try {
            return dataKey(vault, value.generation())
                    .open(value.sealed(), valueContext(value.generation(), id, incarnation, version));
        } catch (SealedBytesException e) {
            throw new MalformedRecordException("the value of version " + version + " does not open");
        }
    }

    private static RecordHeader headerOf(ObjectId id, RecordBytes bytes) throws MalformedRecordException {
        var header = RecordHeader.decode(bytes.header());
        if (!header.id().equals(id)) {
            throw new MalformedRecordException("the record was written as " + header.id() + " and lies as " + id);
        }
        return header;
    }

    private static void requireCommitment(VaultState vault, RecordHeader header, SecretBytes plain)
            throws MalformedRecordException {
        if (!commitment(vault, plain).equals(header.commitment())) {
            throw new MalformedRecordException("the header does not commit to this state");
        }
    }

    private static void requireValues(ObjectState state, OpenedObject opened) throws MalformedRecordException {
        var inContents = new HashSet<String>();
        var inRecord = new HashSet<String>();
        state.versions().forEach(version -> (version.inContent() ? inContents : inRecord).add(version.id()));
        if (!inRecord.equals(opened.values().keySet())
                || !inContents.equals(opened.contents().keySet())) {
            throw new MalformedRecordException("the values in the record are not those of its versions");
        }
    }

    private static SealingKey newest(VaultState vault) {
        return vault.dataKeys().lastEntry().getValue();
    }

    private static SealingKey dataKey(VaultState vault, int generation) throws MalformedRecordException {
        var key = vault.dataKeys().get(generation);
        if (key == null) {
            throw new MalformedRecordException("the vault has no data key of generation " + generation);
        }
        return key;
    }

    private static byte[] stateContext(int generation, byte[] header) {
        return new Writer().bytes(STATE_CONTEXT).u32(generation).bytes(header).toBytes();
    }

    private static byte[] valueContext(int generation, ObjectId id, String incarnation, String version) {
        return new Writer()
                .bytes(VALUE_CONTEXT)
                .u32(generation)
                .text(id.vault().namespace(), 127)
                .text(id.vault().name(), 127)
                .u8(id.kind().code())
                .text(id.name(), 127)
                .hex(incarnation)
                .hex(version)
                .toBytes();
    }

    private static byte[] keyContext(RecordHeader header) {
        return new Writer()
                .bytes(KEY_CONTEXT)
                .text(header.id().vault().namespace(), 127)
                .text(header.id().vault().name(), 127)
                .hex(header.incarnation())
                .toBytes();
    }
}
