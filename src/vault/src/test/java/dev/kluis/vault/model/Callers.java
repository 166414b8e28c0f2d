package dev.kluis.vault.model;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Moment;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.CustomRole;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.RoleDefinition;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.model.Call.Act;
import dev.kluis.vault.model.Call.Backup;
import dev.kluis.vault.model.Call.Delete;
import dev.kluis.vault.model.Call.DeleteVault;
import dev.kluis.vault.model.Call.Get;
import dev.kluis.vault.model.Call.GetMetadata;
import dev.kluis.vault.model.Call.GetVault;
import dev.kluis.vault.model.Call.Keep;
import dev.kluis.vault.model.Call.Patch;
import dev.kluis.vault.model.Call.Prune;
import dev.kluis.vault.model.Call.Purge;
import dev.kluis.vault.model.Call.PurgeVault;
import dev.kluis.vault.model.Call.PutVault;
import dev.kluis.vault.model.Call.Recover;
import dev.kluis.vault.model.Call.Restore;
import dev.kluis.vault.model.Call.SetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers of every kind, who ask at random for what they may and for what they may not. */
final class Callers {

    static final VaultId PAYMENTS = new VaultId("payments", "payments");
    /** With purge protection and the shortest retention. */
    static final VaultId LEDGER = new VaultId("payments", "ledger");
    /** Wants the name that another has. */
    static final VaultId RIVAL = new VaultId("web", "payments");

    static final List<VaultId> VAULTS = List.of(PAYMENTS, LEDGER, RIVAL);
    /** The name of a key; all others are secrets'. What both do alike the model says once. */
    static final String KEY = "key";

    static final List<String> NAMES = List.of("a", "b", "c", KEY);

    private static final Map<String, List<RoleDefinition>> ROLES = Map.of(
            "officer", List.of(Role.SECRETS_OFFICER, Role.CRYPTO_OFFICER),
            "user", List.of(Role.SECRETS_USER, CustomRole.of("signer", List.of("keys/read", "keys/sign/action"))),
            "reader", List.of(Role.READER),
            "purger", List.of(Role.PURGE_OPERATOR));
    private static final List<String> TYPES = List.of("", "text/plain", "application/json");

    /**
     * Whether they ask at the same time. A vault and its secrets are records of their own, so what was allowed on a secret
     * may meet the vault's deletion, or a purge protection that is turned on; what that leads to is no order of calls.
     */
    private final boolean together;

    Callers(boolean together) {
        this.together = together;
    }

    /** Every value has a number of its own. */
    final AtomicInteger values = new AtomicInteger();

    /** The versions that a caller was told, by their values' numbers. */
    final Map<Integer, String> ids = new ConcurrentHashMap<>();

    /** One that a caller was told last. */
    volatile long revision;

    final List<Restore> blobs = new CopyOnWriteArrayList<>();

    static void assign(Assignments assignments) {
        for (var vault : VAULTS) {
            ROLES.forEach((account, roles) -> roles.forEach(role -> assignments.put(new Assignment(
                    vault + "/" + account + "/" + role.title(),
                    vault,
                    role,
                    List.of(new Subject.ServiceAccount("payments", account)),
                    Scope.WHOLE_VAULT,
                    Optional.empty()))));
        }
    }

    static Caller account(String name) {
        return new Caller.ServiceAccount("payments", name, "uid-" + name, Optional.empty());
    }

    static Caller declaration(VaultId vault) {
        return new Caller.Resource(new Owner("Vault", vault.namespace(), vault.name()), "uid");
    }

    private static Caller resource(String namespace, String name) {
        return new Caller.Resource(new Owner("VaultSecret", namespace, name), "uid");
    }

    static PutVault settings(VaultId vault) {
        return vault.equals(LEDGER) ? new PutVault(7, true) : new PutVault(90, false);
    }

    Call next(Random random, Moment moment) {
        int share = random.nextInt(100);
        var vault = share < 60 ? PAYMENTS : share < 90 ? LEDGER : RIVAL;
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(100) < 5) {
            return new Call(onVaultBy(random, vault), vault, "", onVault(random, vault), moment);
        }
        var act = onSecret(random);
        String target = act instanceof Restore restore && random.nextInt(10) > 0 ? restore.name() : name;
        return new Call(onSecretBy(random, target), vault, target, act, moment);
    }

    private static Caller onVaultBy(Random random, VaultId vault) {
        return switch (random.nextInt(20)) {
            case 0 -> account("officer");
            case 1 -> account("reader");
            case 2, 3 -> account("purger");
            case 4 -> new Caller.Clockwork();
            case 5 -> resource(vault.namespace(), "a");
            default -> declaration(vault);
        };
    }

    private Act onVault(Random random, VaultId vault) {
        int share = random.nextInt(100);
        var settings = settings(vault);
        if (share < 55) {
            return settings;
        }
        if (share < 70) {
            boolean protection = together ? settings.protection() : random.nextInt(4) > 0;
            return new PutVault(random.nextInt(20) == 0 ? 8 : settings.days(), protection);
        }
        if (together) {
            return new GetVault();
        }
        return share < 76 ? new DeleteVault() : share < 88 ? new PurgeVault() : new GetVault();
    }

    /** What the clockwork and a vault's resource do when a deleted vault is due. */
    static List<Call> purging(VaultId vault, Moment moment) {
        var calls = new ArrayList<Call>();
        NAMES.forEach(name -> calls.add(new Call(new Caller.Clockwork(), vault, name, new Purge(), moment)));
        calls.add(new Call(new Caller.Clockwork(), vault, "", new PurgeVault(), moment));
        calls.add(new Call(declaration(vault), vault, "", settings(vault), moment));
        return calls;
    }

    private static Caller onSecretBy(Random random, String name) {
        int share = random.nextInt(100);
        if (share < 50) {
            return account("officer");
        }
        if (share < 75) {
            return resource("payments", name);
        }
        return switch (share / 3) {
            case 25, 26 -> account("user");
            case 27 -> account("reader");
            case 28 -> account("nobody");
            case 29 -> resource("payments", "another");
            case 30 -> resource("web", name);
            case 31 -> resource("stranger", name);
            default -> new Caller.Clockwork();
        };
    }

    /** Mostly the current one, else a recent one of any secret: where its id is not known, one that never was. */
    private Optional<Integer> version(Random random) {
        if (random.nextInt(3) > 0) {
            return Optional.empty();
        }
        int value = values.get() - random.nextInt(30);
        return Optional.of(ids.containsKey(value) ? value : -1);
    }

    private Act onSecret(Random random) {
        int share = random.nextInt(100);
        if (share < 30) {
            return new SetValue(values.incrementAndGet(), Optional.empty());
        }
        if (share < 34) {
            return new SetValue(values.incrementAndGet(), Optional.of(random.nextBoolean() ? revision : 0L));
        }
        if (share < 52) {
            return new Get(version(random));
        }
        if (share < 62) {
            return new GetMetadata();
        }
        if (share < 70) {
            return new Patch(version(random), random.nextInt(4) > 0, TYPES.get(random.nextInt(TYPES.size())));
        }
        return switch ((share - 70) / 3) {
            case 0, 1 -> new Delete();
            case 2, 3 -> new Recover();
            case 4, 5 -> new Purge();
            case 6 -> new Prune(2 + random.nextInt(3));
            case 7 -> new Keep(random.nextBoolean());
            case 8 -> blobs.isEmpty() ? new Backup() : blobs.get(random.nextInt(blobs.size()));
            default -> new Backup();
        };
    }
}
