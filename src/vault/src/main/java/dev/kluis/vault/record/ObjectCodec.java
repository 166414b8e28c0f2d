package dev.kluis.vault.record;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectPolicy;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ReleasePolicy;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import dev.kluis.vault.object.SecretDetail;
import dev.kluis.vault.object.VersionDetail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The states of objects, as bytes; docs/reference/format.md, "States". */
public final class ObjectCodec {

    private static final int TEXT_LIMIT = 1024;
    private static final int SPEC_LIMIT = 32;
    /** What may be done with a key, each by its bit. An operation has its bit for ever. */
    private static final KeyOperation[] OPERATIONS = {
        KeyOperation.ENCRYPT,
        KeyOperation.DECRYPT,
        KeyOperation.SIGN,
        KeyOperation.VERIFY,
        KeyOperation.WRAP_KEY,
        KeyOperation.UNWRAP_KEY
    };

    private ObjectCodec() {}

    static SecretBytes encode(ObjectKind kind, ObjectState object) {
        var out = new Writer();
        StateCodec.lifecycle(out, object.lifecycle());
        out.flag(object.managed());
        policy(out, kind, object.policy());
        out.u16(object.versions().size());
        for (var version : object.versions()) {
            out.hex(version.id()).time(version.created()).time(version.updated());
            attributes(out, version.attributes());
            detail(out, version.detail());
            out.u32(version.length()).hex(version.commitment());
            out.flag(version.inContent());
        }
        return SecretBytes.owning(out.toBytes());
    }

    static ObjectState decode(ObjectKind kind, byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var lifecycle = StateCodec.lifecycle(in);
        boolean managed = in.flag();
        var policy = policy(in, kind);
        int count = in.u16();
        if (count > ObjectState.MAX_VERSIONS) {
            throw new MalformedRecordException("an object has over " + ObjectState.MAX_VERSIONS + " versions");
        }
        var versions = new ArrayList<ObjectVersion>();
        for (int i = 0; i < count; i++) {
            versions.add(new ObjectVersion(
                    in.hex(16),
                    in.time(),
                    in.time(),
                    attributes(in),
                    detail(in, kind),
                    in.u32(),
                    in.hex(32),
                    in.flag()));
        }
        in.end();
        return new ObjectState(versions, lifecycle, managed, policy);
    }

    /** A version's attributes, as in its state. */
    public static void attributes(Writer out, Attributes attributes) {
        out.flag(attributes.enabled());
        optional(out, attributes.notBefore());
        optional(out, attributes.expires());
        out.u8(attributes.tags().size());
        attributes.tags().forEach((name, value) -> out.text(name, TEXT_LIMIT).text(value, TEXT_LIMIT));
    }

    /** The inverse of writing them. */
    public static Attributes attributes(Reader in) throws MalformedRecordException {
        boolean enabled = in.flag();
        var notBefore = optional(in);
        var expires = optional(in);
        int count = in.u8();
        var tags = new TreeMap<String, String>();
        for (int i = 0; i < count; i++) {
            String name = in.text(TEXT_LIMIT);
            if (!tags.isEmpty() && name.compareTo(tags.lastKey()) <= 0) {
                throw new MalformedRecordException("the tags are not in their order");
            }
            tags.put(name, in.text(TEXT_LIMIT));
        }
        return new Attributes(enabled, notBefore, expires, tags);
    }

    /** What only its kind of version has, as in its state. */
    public static void detail(Writer out, VersionDetail detail) {
        switch (detail) {
            case SecretDetail(String contentType) -> out.text(contentType, TEXT_LIMIT);
            case KeyDetail key -> key(out, key);
        }
    }

    /** The inverse of writing it. */
    public static VersionDetail detail(Reader in, ObjectKind kind) throws MalformedRecordException {
        return switch (kind) {
            case SECRET -> new SecretDetail(in.text(TEXT_LIMIT));
            case KEY -> key(in);
            case VAULT, CHECKPOINT -> throw new MalformedRecordException("not an object of a vault");
        };
    }

    private static void key(Writer out, KeyDetail key) {
        out.text(key.spec().text(), SPEC_LIMIT).u8(bits(key.operations()));
        out.flag(key.exportable());
        out.flag(key.releasePolicy().isPresent());
        key.releasePolicy().ifPresent(policy -> {
            out.text(policy.contentType(), ReleasePolicy.MAX_CONTENT_TYPE).text(policy.data(), ReleasePolicy.MAX_DATA);
            out.flag(policy.immutable());
        });
        out.block(key.publicKey().map(PublicKeyForm::spki).orElseGet(() -> new byte[0]));
        out.flag(key.told());
    }

    private static KeyDetail key(Reader in) throws MalformedRecordException {
        try {
            var spec = KeySpec.parse(in.text(SPEC_LIMIT));
            var operations = operations(in.u8());
            boolean exportable = in.flag();
            Optional<ReleasePolicy> policy = in.flag()
                    ? Optional.of(new ReleasePolicy(
                            in.text(ReleasePolicy.MAX_CONTENT_TYPE), in.text(ReleasePolicy.MAX_DATA), in.flag()))
                    : Optional.empty();
            return new KeyDetail(spec, operations, exportable, policy, publicKey(in.block()), in.flag());
        } catch (KeyRefusedException | IllegalArgumentException e) {
            throw new MalformedRecordException(
                    "a key is of no kind that is offered, or its public part is not its own");
        }
    }

    private static Optional<PublicKeyForm> publicKey(byte[] spki) throws KeyRefusedException, MalformedRecordException {
        if (spki.length == 0) {
            return Optional.empty();
        }
        var key = PublicKeyForm.ofSpki(spki);
        if (!Arrays.equals(key.spki(), spki)) {
            throw new MalformedRecordException("a public key is not written in its one form");
        }
        return Optional.of(key);
    }

    private static int bits(Set<KeyOperation> operations) {
        int bits = 0;
        for (int i = 0; i < OPERATIONS.length; i++) {
            bits |= operations.contains(OPERATIONS[i]) ? 1 << i : 0;
        }
        return bits;
    }

    private static Set<KeyOperation> operations(int bits) throws MalformedRecordException {
        if (bits >> OPERATIONS.length != 0) {
            throw new MalformedRecordException("an operation that no version of the format has");
        }
        var operations = EnumSet.noneOf(KeyOperation.class);
        for (int i = 0; i < OPERATIONS.length; i++) {
            if ((bits >> i & 1) == 1) {
                operations.add(OPERATIONS[i]);
            }
        }
        return operations;
    }

    /** An object's policy, as in its state. */
    public static void policy(Writer out, ObjectKind kind, ObjectPolicy policy) {
        if (kind != ObjectKind.KEY) {
            return;
        }
        switch (policy) {
            case ObjectPolicy.None none -> out.flag(false);
            case RotationPolicy rotation -> {
                out.flag(true);
                out.time(rotation.created()).time(rotation.updated());
                out.text(rotation.expiryTime().map(CalendarPeriod::text).orElse(""), CalendarPeriod.MAX_LENGTH);
                trigger(out, rotation.rotate());
                trigger(out, rotation.notice());
            }
        }
    }

    /** The inverse of writing it. */
    public static ObjectPolicy policy(Reader in, ObjectKind kind) throws MalformedRecordException {
        if (kind != ObjectKind.KEY || !in.flag()) {
            return ObjectPolicy.NONE;
        }
        try {
            var created = in.time();
            var updated = in.time();
            String expiryTime = in.text(CalendarPeriod.MAX_LENGTH);
            return new RotationPolicy(
                    created,
                    updated,
                    expiryTime.isEmpty() ? Optional.empty() : Optional.of(new CalendarPeriod(expiryTime)),
                    trigger(in),
                    trigger(in));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("a time of a rotation policy is not legal");
        }
    }

    private static void trigger(Writer out, Optional<Trigger> trigger) {
        if (trigger.isEmpty()) {
            out.u8(0);
            return;
        }
        switch (trigger.get()) {
            case AfterCreation(CalendarPeriod period) -> out.u8(1).text(period.text(), CalendarPeriod.MAX_LENGTH);
            case BeforeExpiry(CalendarPeriod period) -> out.u8(2).text(period.text(), CalendarPeriod.MAX_LENGTH);
        }
    }

    private static Optional<Trigger> trigger(Reader in) throws MalformedRecordException {
        int kind = in.u8();
        return switch (kind) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new AfterCreation(new CalendarPeriod(in.text(CalendarPeriod.MAX_LENGTH))));
            case 2 -> Optional.of(new BeforeExpiry(new CalendarPeriod(in.text(CalendarPeriod.MAX_LENGTH))));
            default -> throw new MalformedRecordException("no trigger has the code " + kind);
        };
    }

    private static void optional(Writer out, Optional<Instant> time) {
        out.flag(time.isPresent());
        time.ifPresent(out::time);
    }

    private static Optional<Instant> optional(Reader in) throws MalformedRecordException {
        return in.flag() ? Optional.of(in.time()) : Optional.empty();
    }
}
