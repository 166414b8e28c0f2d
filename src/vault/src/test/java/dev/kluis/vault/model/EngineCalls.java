package dev.kluis.vault.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultPurge;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultOperations.VaultView;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectRestore;
import dev.kluis.vault.model.Call.Backup;
import dev.kluis.vault.model.Call.Delete;
import dev.kluis.vault.model.Call.DeleteVault;
import dev.kluis.vault.model.Call.Get;
import dev.kluis.vault.model.Call.GetMetadata;
import dev.kluis.vault.model.Call.GetVault;
import dev.kluis.vault.model.Call.Keep;
import dev.kluis.vault.model.Call.OnSecret;
import dev.kluis.vault.model.Call.OnVault;
import dev.kluis.vault.model.Call.Patch;
import dev.kluis.vault.model.Call.Prune;
import dev.kluis.vault.model.Call.Purge;
import dev.kluis.vault.model.Call.PurgeVault;
import dev.kluis.vault.model.Call.PutVault;
import dev.kluis.vault.model.Call.Recover;
import dev.kluis.vault.model.Call.Restore;
import dev.kluis.vault.model.Call.SetValue;
import dev.kluis.vault.model.History.Untold;
import dev.kluis.vault.model.World.Secret;
import dev.kluis.vault.model.World.Stage;
import dev.kluis.vault.model.World.Version;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPruneVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectOperations.ObjectSetDeletionPolicy;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionPolicy;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretPatch;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.store.FaultyStore.Killed;
import dev.kluis.vault.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks a call of the engine, and tells the answer in the words of the model. */
final class EngineCalls {

    /** A third of the values are of a size that fills a record soon, so that older ones move out of it. */
    private static final int LARGE = 25_000;

    private final Callers callers;
    private final KeyCalls keys;

    EngineCalls(Callers callers) {
        this.callers = callers;
        this.keys = new KeyCalls(callers);
    }

    /** @return the answer, or the code of the refusal, or an {@link Untold} */
    Object ask(dev.kluis.vault.Vault vault, Call call) {
        try {
            return switch (call.act()) {
                case OnSecret act -> onObject(vault, call, id(call), act);
                case OnVault act -> onVault(vault, call, act);
            };
        } catch (VaultException e) {
            boolean gaveUp =
                    e.code() == Code.CONFLICT && e.getMessage().endsWith("is being changed by others: try again");
            return gaveUp ? Untold.GIVEN_UP : e.code();
        } catch (StoreUnavailableException | Killed e) {
            return Untold.UNKNOWN;
        }
    }

    private Object onVault(dev.kluis.vault.Vault vault, Call call, OnVault act) {
        var caller = call.caller();
        var id = call.vault();
        return switch (act) {
            case PutVault put -> {
                var settings = new VaultSettings(
                        put.days(), put.protection(), new TreeSet<>(Set.of(Model.SHARED_WITH)), Optional.empty());
                yield vault.execute(caller, new VaultPut(id, settings));
            }
            case DeleteVault delete ->
                due(vault.execute(caller, new VaultDelete(id))).orElseThrow();
            case PurgeVault purge -> vault.execute(caller, new VaultPurge(id)) instanceof Lifecycle.Purged;
            case GetVault get -> vault.execute(caller, new VaultGet(id)).map(EngineCalls::shown);
        };
    }

    private static World.Vault shown(VaultView view) {
        return new World.Vault(
                stage(view.lifecycle()),
                due(view.lifecycle()),
                view.settings().retentionDays(),
                view.settings().purgeProtection(),
                Map.of());
    }

    private static ObjectId id(Call call) {
        return call.name().equals(Callers.KEY)
                ? ObjectId.key(call.vault(), call.name())
                : ObjectId.secret(call.vault(), call.name());
    }

    private Object onObject(dev.kluis.vault.Vault vault, Call call, ObjectId id, OnSecret act) {
        var caller = call.caller();
        boolean key = id.kind() == ObjectKind.KEY;
        return switch (act) {
            case SetValue set
            when key -> shown(vault.execute(caller, keys.bring(id, set)).version());
            case Get get
            when key ->
                keys.signed(vault.execute(caller, keys.sign(id, get.value().map(this::id))));
            case Patch patch
            when key ->
                shown(vault.execute(caller, keys.update(id, patch.value().map(this::id), patch))
                        .version());
            case SetValue set ->
                shown(vault.execute(
                        caller,
                        new SecretSet(
                                id, value(set.value()), numbered(set.value()), Optional.empty(), set.ifRevision())));
            case Get get ->
                fetched(vault.execute(caller, new SecretGet(id, get.value().map(this::id), Optional.empty())));
            case GetMetadata get ->
                vault.execute(caller, new ObjectGetMetadata(id)).map(view -> shown(view, view.revision()));
            case Patch patch ->
                shown(
                        vault.execute(
                                caller,
                                new SecretPatch(
                                        id, patch.value().map(this::id), enabled(patch), Optional.of(patch.type()))),
                        0);
            case Delete delete -> shown(vault.execute(caller, new ObjectDelete(id)), 0);
            case Recover recover -> shown(vault.execute(caller, new ObjectRecover(id, Optional.empty())), 0);
            case Purge purge -> vault.execute(caller, new ObjectPurge(id)) instanceof Lifecycle.Purged;
            case Keep keep -> vault.execute(caller, new ObjectSetDeletionPolicy(id, keep.keep()));
            case Prune prune ->
                vault.execute(caller, new ObjectPruneVersions(id, new VersionPolicy(prune.keep(), Duration.ZERO)));
            case Backup backup -> vault.execute(caller, new ObjectBackup(id)).length > 0;
            case Restore restore ->
                vault.execute(caller, new ObjectRestore(id, restore.blob())).versions().stream()
                        .map(this::shown)
                        .toList();
        };
    }

    /** A blob of what the model says is there. */
    Restore backup(dev.kluis.vault.Vault vault, Call call, Secret secret) {
        byte[] blob = vault.execute(call.caller(), new ObjectBackup(id(call)));
        return new Restore(blob, call.vault(), call.name(), secret);
    }

    private static AttributesPatch enabled(Patch patch) {
        return new AttributesPatch(Optional.of(patch.enabled()), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The number is a tag too, so that metadata tell it. */
    private static SecretAttributes numbered(int value) {
        return new SecretAttributes(
                true, Optional.empty(), Optional.empty(), "", Map.of("value", Integer.toString(value)));
    }

    private static String text(int value) {
        String number = value + ":";
        return value % 3 == 0 ? number + "x".repeat(LARGE) : number;
    }

    private static SecretBytes value(int value) {
        return SecretBytes.owning(text(value).getBytes(UTF_8));
    }

    private String id(int value) {
        return callers.ids.getOrDefault(value, "0".repeat(32));
    }

    private int fetched(Fetched fetched) {
        var there = (Fetched.Value) fetched;
        try (var value = there.value()) {
            String text = new String(value.reveal(SecretAccess.GRANTED), UTF_8);
            int number = Integer.parseInt(text.substring(0, text.indexOf(':')));
            assertThat(text).isEqualTo(text(number));
            assertThat(shown(there.metadata()).value()).isEqualTo(number);
            return number;
        }
    }

    private Secret shown(ObjectView view, long revision) {
        callers.revision = view.revision();
        return new Secret(
                revision,
                stage(view.state().lifecycle()),
                due(view.state().lifecycle()),
                view.state().versions().stream().map(this::shown).toList(),
                view.ownership().map(Ownership::owner),
                view.ownership().filter(Ownership::keep).isPresent());
    }

    private Version shown(ObjectVersion version) {
        int value = Integer.parseInt(version.attributes().tags().getOrDefault("value", ""));
        callers.ids.put(value, version.id());
        return new Version(
                value,
                version.created(),
                version.attributes().enabled(),
                version.detail() instanceof KeyDetail
                        ? KeyCalls.type(version)
                        : SecretAttributes.of(version).contentType());
    }

    private static Stage stage(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case Lifecycle.Active active -> Stage.ACTIVE;
            case Lifecycle.Deleted deleted -> Stage.DELETED;
            case Lifecycle.Purged purged -> Stage.PURGED;
        };
    }

    private static Optional<Instant> due(Lifecycle lifecycle) {
        return lifecycle instanceof Lifecycle.Deleted deleted
                ? Optional.of(deleted.scheduledPurge())
                : Optional.empty();
    }
}
