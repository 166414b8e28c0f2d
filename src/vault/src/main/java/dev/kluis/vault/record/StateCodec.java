package dev.kluis.vault.record;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultRecipient;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.VaultState;
import dev.kluis.vault.secret.Secret;
import dev.kluis.vault.secret.SecretVersion;
import dev.kluis.vault.secret.SecretVersion.SecretAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The states that records seal, as bytes; docs/reference/format.md, "States". */
public final class StateCodec {

    private static final int TEXT_LIMIT = 1024;
    private static final int NAME_LIMIT = 127;

    private StateCodec() {}

    static SecretBytes encode(Secret secret) {
        var out = new Writer();
        lifecycle(out, secret.lifecycle());
        out.u16(secret.versions().size());
        for (var version : secret.versions()) {
            var attributes = version.attributes();
            out.hex(version.id()).time(version.created()).time(version.updated());
            attributes(out, attributes);
            out.u32(version.length()).hex(version.commitment()).u8(version.inContent() ? 1 : 0);
        }
        return SecretBytes.owning(out.toBytes());
    }

    static Secret decodeSecret(byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var lifecycle = lifecycle(in);
        int count = in.u16();
        if (count > Secret.MAX_VERSIONS) {
            throw new MalformedRecordException("a secret has over " + Secret.MAX_VERSIONS + " versions");
        }
        var versions = new ArrayList<SecretVersion>();
        for (int i = 0; i < count; i++) {
            versions.add(new SecretVersion(
                    in.hex(16), in.time(), in.time(), attributes(in), in.u32(), in.hex(32), in.flag()));
        }
        in.end();
        return new Secret(versions, lifecycle);
    }

    /** A version's attributes, as in its state. */
    public static void attributes(Writer out, SecretAttributes attributes) {
        out.u8(attributes.enabled() ? 1 : 0);
        optional(out, attributes.notBefore());
        optional(out, attributes.expires());
        out.text(attributes.contentType(), TEXT_LIMIT);
        out.u8(attributes.tags().size());
        attributes.tags().forEach((name, value) -> out.text(name, TEXT_LIMIT).text(value, TEXT_LIMIT));
    }

    /** The inverse of writing them. */
    public static SecretAttributes attributes(Reader in) throws MalformedRecordException {
        boolean enabled = in.flag();
        var notBefore = optional(in);
        var expires = optional(in);
        String contentType = in.text(TEXT_LIMIT);
        int count = in.u8();
        var tags = new TreeMap<String, String>();
        for (int i = 0; i < count; i++) {
            String name = in.text(TEXT_LIMIT);
            if (!tags.isEmpty() && name.compareTo(tags.lastKey()) <= 0) {
                throw new MalformedRecordException("the tags are not in their order");
            }
            tags.put(name, in.text(TEXT_LIMIT));
        }
        return new SecretAttributes(enabled, notBefore, expires, contentType, tags);
    }

    static SecretBytes encode(VaultState vault) {
        var out = new Writer();
        lifecycle(out, vault.lifecycle());
        settings(out, vault.settings());
        key(out, vault.commitment());
        out.u16(vault.dataKeys().size());
        vault.dataKeys().forEach((generation, key) -> {
            out.u32(generation);
            key(out, key);
        });
        out.u16(vault.recipients().size());
        vault.recipients().forEach((generation, recipient) -> {
            out.u32(generation).time(recipient.created());
            try (var raw = recipient.keys().reveal(SecretAccess.GRANTED)) {
                bytes(out, raw);
            }
        });
        return SecretBytes.owning(out.toBytes());
    }

    static VaultState decodeVault(byte[] bytes) throws MalformedRecordException {
        var in = new Reader(bytes);
        var lifecycle = lifecycle(in);
        var settings = settings(in);
        var commitment = key(in);
        int count = in.u16();
        var dataKeys = new TreeMap<Integer, SealingKey>();
        for (int i = 0; i < count; i++) {
            dataKeys.put(next(in, dataKeys), key(in));
        }
        int recipientCount = in.u16();
        var recipients = new TreeMap<Integer, VaultRecipient>();
        for (int i = 0; i < recipientCount; i++) {
            recipients.put(
                    next(in, recipients),
                    new VaultRecipient(
                            in.time(), RecipientKeyPair.of(SecretBytes.owning(in.bytes(RecipientKeyPair.LENGTH)))));
        }
        in.end();
        return new VaultState(settings, lifecycle, commitment, dataKeys, recipients);
    }

    /** A generation, which comes after those before it. */
    private static int next(Reader in, SortedMap<Integer, ?> before) throws MalformedRecordException {
        int generation = in.u32();
        if (!before.isEmpty() && generation <= before.lastKey()) {
            throw new MalformedRecordException("the generations of keys are not in their order");
        }
        return generation;
    }

    /** A vault's settings, as in its state. */
    public static void settings(Writer out, VaultSettings settings) {
        out.u16(settings.retentionDays()).u8(settings.purgeProtection() ? 1 : 0);
        out.i64(settings.offline().map(Duration::toSeconds).orElse(0L));
        out.u16(settings.sharedWith().size());
        settings.sharedWith().forEach(namespace -> out.text(namespace, NAME_LIMIT));
    }

    /** The inverse of writing them. */
    public static VaultSettings settings(Reader in) throws MalformedRecordException {
        int retentionDays = in.u16();
        boolean purgeProtection = in.flag();
        long offline = in.i64();
        int shared = in.u16();
        var sharedWith = new TreeSet<String>();
        for (int i = 0; i < shared; i++) {
            String namespace = in.text(NAME_LIMIT);
            if (!sharedWith.isEmpty() && namespace.compareTo(sharedWith.last()) <= 0) {
                throw new MalformedRecordException("the namespaces are not in their order");
            }
            sharedWith.add(namespace);
        }
        if (offline < 0) {
            throw new MalformedRecordException("a duration is negative");
        }
        try {
            return new VaultSettings(
                    retentionDays,
                    purgeProtection,
                    sharedWith,
                    offline > 0 ? Optional.of(Duration.ofSeconds(offline)) : Optional.empty());
        } catch (VaultException e) {
            throw new MalformedRecordException("the vault's settings are not legal");
        }
    }

    /** A lifecycle, as in every state. */
    public static void lifecycle(Writer out, Lifecycle lifecycle) {
        switch (lifecycle) {
            case Lifecycle.Active active -> out.u8(0);
            case Lifecycle.Deleted(Instant deleted, Instant purge) ->
                out.u8(1).time(deleted).time(purge);
            case Lifecycle.Purged(Instant purged) -> out.u8(2).time(purged);
        }
    }

    /** The inverse of writing it. */
    public static Lifecycle lifecycle(Reader in) throws MalformedRecordException {
        int state = in.u8();
        return switch (state) {
            case 0 -> new Lifecycle.Active();
            case 1 -> new Lifecycle.Deleted(in.time(), in.time());
            case 2 -> new Lifecycle.Purged(in.time());
            default -> throw new MalformedRecordException("no lifecycle has the code " + state);
        };
    }

    private static void optional(Writer out, Optional<Instant> time) {
        out.u8(time.isPresent() ? 1 : 0);
        time.ifPresent(out::time);
    }

    private static Optional<Instant> optional(Reader in) throws MalformedRecordException {
        return in.flag() ? Optional.of(in.time()) : Optional.empty();
    }

    private static void key(Writer out, SealingKey key) {
        try (var raw = key.reveal(SecretAccess.GRANTED)) {
            bytes(out, raw);
        }
    }

    private static void bytes(Writer out, SecretBytes secret) {
        byte[] raw = secret.reveal(SecretAccess.GRANTED);
        out.bytes(raw);
        Arrays.fill(raw, (byte) 0);
    }

    private static SealingKey key(Reader in) throws MalformedRecordException {
        return SealingKey.of(SecretBytes.owning(in.bytes(SealingKey.LENGTH)));
    }
}
