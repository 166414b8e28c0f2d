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
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The states of vaults, and what all states have, as bytes; docs/reference/format.md, "States". */
public final class StateCodec {

    private static final int NAME_LIMIT = 127;

    private StateCodec() {}

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
        out.u16(settings.retentionDays()).flag(settings.purgeProtection());
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
