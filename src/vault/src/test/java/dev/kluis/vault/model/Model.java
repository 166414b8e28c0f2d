package dev.kluis.vault.model;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Moment;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.model.Call.Act;
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
import dev.kluis.vault.model.World.Secret;
import dev.kluis.vault.model.World.Stage;
import dev.kluis.vault.model.World.Vault;
import dev.kluis.vault.model.World.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reference: what vaults and secrets do, in plain maps, one call after another, with no keys, records or store. A call
 * on a world gives the world after it and the answer, which is a refusal's code or a plain value.
 */
final class Model {

    /** The namespace that every vault is shared with. */
    static final String SHARED_WITH = "web";

    private static final Map<String, Set<Class<? extends Act>>> ROLES = Map.of(
            "officer",
            Set.of(
                    SetValue.class,
                    Get.class,
                    GetMetadata.class,
                    Patch.class,
                    Delete.class,
                    Recover.class,
                    Purge.class,
                    Keep.class,
                    Prune.class,
                    Backup.class,
                    Restore.class),
            "user",
            Set.of(Get.class, GetMetadata.class),
            "reader",
            Set.of(GetMetadata.class, GetVault.class),
            "purger",
            Set.of(GetVault.class, PurgeVault.class));

    record Step(World world, Object answer) {}

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Code code;

        Refusal(Code code) {
            super(code.name(), null, false, false);
            this.code = code;
        }
    }

    private Model() {}

    static Step step(World world, Call call) {
        var vault = world.vault(call.vault());
        try {
            return switch (call.act()) {
                case OnVault act -> {
                    requireMayTouch(vault, call);
                    yield onVault(world, vault, call, act);
                }
                case OnSecret act -> {
                    var secret = vault.secrets().getOrDefault(call.name(), Secret.NONE);
                    requireMayTouch(vault, secret, call);
                    var done = onSecret(vault, secret, call, act);
                    yield done.secret().equals(secret)
                            ? new Step(world, done.answer())
                            : new Step(world.with(call.vault(), call.name(), done.secret()), done.answer());
                }
            };
        } catch (Refusal refusal) {
            return new Step(world, refusal.code);
        }
    }

    private static void require(boolean so, Code otherwise) {
        if (!so) {
            throw new Refusal(otherwise);
        }
    }

    private static boolean due(Stage stage, Optional<Instant> purge, Moment moment) {
        return stage == Stage.DELETED && !moment.earliest().isBefore(purge.orElseThrow());
    }

    private static boolean mayPurge(Vault vault, Stage stage, Optional<Instant> purge, Moment moment) {
        return !vault.protection() || due(stage, purge, moment);
    }

    private static void requireMayTouch(Vault vault, Call call) {
        switch (call.caller()) {
            case Caller.Resource(Owner owner, String uid) ->
                require(
                        owner.equals(new Owner(
                                "Vault", call.vault().namespace(), call.vault().name())),
                        Code.FORBIDDEN);
            case Caller.Clockwork clockwork ->
                require(
                        call.act() instanceof PurgeVault && due(vault.stage(), vault.purge(), call.moment()),
                        Code.FORBIDDEN);
            default -> require(assigned(call) && vault.stage() != Stage.PURGED, Code.FORBIDDEN);
        }
    }

    private static void requireMayTouch(Vault vault, Secret secret, Call call) {
        switch (call.caller()) {
            case Caller.Resource(Owner owner, String uid) -> {
                // A resource declares a key and does not sign with it.
                require(!(call.act() instanceof Get && call.name().equals(Callers.KEY)), Code.FORBIDDEN);
                boolean own = owner.namespace().equals(call.vault().namespace());
                require(vault.active(), own ? Code.NOT_FOUND : Code.FORBIDDEN);
                require(own || owner.namespace().equals(SHARED_WITH), Code.FORBIDDEN);
                require(
                        secret.stage() == Stage.PURGED || secret.owner().equals(Optional.of(owner)),
                        Code.OWNED_BY_ANOTHER);
            }
            case Caller.Clockwork clockwork -> {
                require(call.act() instanceof Purge, Code.FORBIDDEN);
                require(vault.stage() != Stage.PURGED, Code.NOT_FOUND);
            }
            default -> require(assigned(call) && vault.active(), Code.FORBIDDEN);
        }
    }

    private static boolean assigned(Call call) {
        return call.caller() instanceof Caller.ServiceAccount account
                && ROLES.getOrDefault(account.account(), Set.of())
                        .contains(call.act().getClass());
    }

    private static Step onVault(World world, Vault vault, Call call, OnVault act) {
        boolean there = vault.stage() != Stage.PURGED;
        var next = vault;
        Object answer = true;
        switch (act) {
            case GetVault get -> answer = there ? Optional.of(vault.shown()) : Optional.empty();
            case PutVault put -> {
                require(there || !nameTaken(world, call.vault()), Code.CONFLICT);
                require(!there || put.days() == vault.days(), Code.CONFLICT);
                require(!there || !vault.protection() || put.protection(), Code.CONFLICT);
                answer = !vault.active() || vault.protection() != put.protection();
                next = new Vault(Stage.ACTIVE, Optional.empty(), put.days(), put.protection(), vault.secrets());
            }
            case DeleteVault delete -> {
                require(there, Code.NOT_FOUND);
                if (vault.active()) {
                    next = vault.to(
                            Stage.DELETED, Optional.of(call.moment().latest().plus(Duration.ofDays(vault.days()))));
                }
                answer = next.purge().orElseThrow();
            }
            case PurgeVault purge -> {
                require(there, Code.NOT_FOUND);
                require(vault.stage() == Stage.DELETED, Code.CONFLICT);
                require(mayPurge(vault, vault.stage(), vault.purge(), call.moment()), Code.CONFLICT);
                require(vault.secrets().values().stream().allMatch(one -> one.stage() == Stage.PURGED), Code.CONFLICT);
                next = vault.to(Stage.PURGED, Optional.empty());
            }
        }
        return new Step(next.equals(vault) ? world : world.with(call.vault(), next), answer);
    }

    private static boolean nameTaken(World world, VaultId id) {
        return world.vaults().entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(id)
                        && other.getKey().name().equals(id.name())
                        && other.getValue().stage() != Stage.PURGED);
    }

    private record Done(Secret secret, Object answer) {}

    private static Done onSecret(Vault vault, Secret secret, Call call, OnSecret act) {
        boolean active = secret.stage() == Stage.ACTIVE;
        boolean deleted = secret.stage() == Stage.DELETED;
        return switch (act) {
            case GetMetadata get -> new Done(secret, active || deleted ? Optional.of(secret) : Optional.empty());
            case SetValue set -> set(secret, call, set);
            case Restore restore -> {
                require(!active, Code.CONFLICT);
                require(!deleted, Code.DELETED);
                require(call.name().equals(restore.name()), Code.BAD_PARAMETER);
                boolean own = call.vault().equals(restore.from());
                var was = restore.secret();
                var next = new Secret(
                        secret.revision() + 1,
                        Stage.ACTIVE,
                        Optional.empty(),
                        was.versions(),
                        own ? was.owner() : Optional.empty(),
                        own && was.keep());
                yield new Done(next, was.versions());
            }
            case Recover recover -> {
                require(deleted, Code.NOT_FOUND);
                var next = secret.to(Stage.ACTIVE, Optional.empty(), secret.versions());
                yield new Done(next, next.shown());
            }
            case Purge purge -> {
                if (!due(vault.stage(), vault.purge(), call.moment())) {
                    require(deleted, Code.NOT_FOUND);
                    require(mayPurge(vault, secret.stage(), secret.purge(), call.moment()), Code.CONFLICT);
                    require(
                            !(call.caller() instanceof Caller.Clockwork)
                                    || due(secret.stage(), secret.purge(), call.moment()),
                            Code.CONFLICT);
                }
                yield new Done(
                        new Secret(
                                secret.revision() + 1,
                                Stage.PURGED,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                false),
                        true);
            }
            default -> {
                require(active, Code.NOT_FOUND);
                yield onActive(vault, secret, call, act);
            }
        };
    }

    private static Done set(Secret secret, Call call, SetValue set) {
        boolean there = secret.stage() != Stage.PURGED;
        long revision = there ? secret.revision() : 0;
        require(set.ifRevision().filter(expected -> expected != revision).isEmpty(), Code.CONFLICT);
        require(secret.stage() != Stage.DELETED, Code.DELETED);
        var version = new Version(set.value(), call.moment().wall(), true, "");
        var versions = new ArrayList<>(secret.versions());
        versions.add(version);
        var owner = there
                ? secret.owner()
                : Optional.of(call.caller())
                        .filter(Caller.Resource.class::isInstance)
                        .map(one -> ((Caller.Resource) one).owner());
        return new Done(
                new Secret(secret.revision() + 1, Stage.ACTIVE, Optional.empty(), versions, owner, secret.keep()),
                version);
    }

    private static Done onActive(Vault vault, Secret secret, Call call, OnSecret act) {
        var versions = secret.versions();
        return switch (act) {
            case Get get -> {
                var version = version(secret, get.value());
                require(version.enabled(), Code.DISABLED);
                yield new Done(secret, version.value());
            }
            case Patch patch -> {
                var before = version(secret, patch.value());
                var after = new Version(before.value(), before.created(), patch.enabled(), patch.type());
                var next = secret.to(
                        Stage.ACTIVE,
                        Optional.empty(),
                        versions.stream()
                                .map(one -> one.equals(before) ? after : one)
                                .toList());
                // Of a key the version alone is answered.
                yield new Done(
                        before.equals(after) ? secret : next, call.name().equals(Callers.KEY) ? after : next.shown());
            }
            case Delete delete -> {
                var due = call.moment().latest().plus(Duration.ofDays(vault.days()));
                var next = secret.to(Stage.DELETED, Optional.of(due), versions);
                yield new Done(next, next.shown());
            }
            case Keep keep -> {
                boolean changes = secret.owner().isPresent() && secret.keep() != keep.keep();
                var next = new Secret(
                        secret.revision() + 1, secret.stage(), secret.purge(), versions, secret.owner(), keep.keep());
                yield new Done(changes ? next : secret, changes);
            }
            case Prune prune -> {
                var stays = Duration.ofDays(vault.protection() ? vault.days() : 0);
                var kept = new ArrayList<Version>();
                for (int i = 0; i < versions.size(); i++) {
                    if (i >= versions.size() - prune.keep()
                            || call.moment()
                                    .earliest()
                                    .isBefore(versions.get(i + 1).created().plus(stays))) {
                        kept.add(versions.get(i));
                    }
                }
                int pruned = versions.size() - kept.size();
                yield new Done(pruned == 0 ? secret : secret.to(Stage.ACTIVE, Optional.empty(), kept), pruned);
            }
            case Backup backup -> new Done(secret, true);
            default -> throw new IllegalArgumentException(act.toString());
        };
    }

    private static Version version(Secret secret, Optional<Integer> wanted) {
        var found = wanted.isEmpty()
                ? Optional.of(secret.versions().getLast())
                : secret.versions().stream()
                        .filter(one -> one.value() == wanted.get())
                        .findFirst();
        return found.orElseThrow(() -> new Refusal(Code.NOT_FOUND));
    }
}
