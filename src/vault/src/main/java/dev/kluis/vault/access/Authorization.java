package dev.kluis.vault.access;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ListOperation;
import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Purging;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultPurge;
import dev.kluis.vault.VaultOperations.VaultRetireKeys;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.key.KeyNearExpiry;
import dev.kluis.vault.key.KeyRotateIfDue;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.record.RecordHeader;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Who may do what, on the object as the door resolved it. Nothing is allowed by default. */
public final class Authorization {

    /** The kind of resource that declares a vault, as owners name it. */
    public static final String VAULT_RESOURCE = "Vault";

    private final Assignments assignments;

    public Authorization(Assignments assignments) {
        this.assignments = assignments;
    }

    /**
     * What the decision sees of the vault, when there is one that was not purged.
     *
     * @param owner of the object, when it is there and a resource made it
     * @param objectExists whether the object is there, deleted or not
     */
    public record Resolved(
            Optional<VaultSettings> settings, Lifecycle lifecycle, boolean objectExists, Optional<Owner> owner) {
        boolean usable() {
            return settings.isPresent() && lifecycle instanceof Lifecycle.Active;
        }

        /** A deleted vault can be seen and purged, and nothing else is done with it. */
        boolean usableFor(Action action) {
            return usable()
                    || action == Action.VAULT_ACCEPT_RESTORE
                    || (settings.isPresent() && (action == Action.VAULT_READ || action == Action.VAULT_PURGE));
        }
    }

    /**
     * @return the id of the assignment that allows it, where one was needed
     * @throws VaultException when it is not allowed
     */
    public Optional<String> require(Caller caller, Operation<?> operation, Resolved resolved, Moment moment) {
        return switch (caller) {
            case Caller.Resource resource -> {
                requireResource(resource.owner(), operation, resolved);
                yield Optional.empty();
            }
            case Caller.Clockwork clockwork -> {
                requireDate(operation, resolved, moment);
                yield Optional.empty();
            }
            case Caller.ServiceAccount account ->
                Optional.of(requireAssignment(caller, operation, resolved, moment.wall()));
            case Caller.User user -> Optional.of(requireAssignment(caller, operation, resolved, moment.wall()));
        };
    }

    private String requireAssignment(Caller caller, Operation<?> operation, Resolved resolved, Instant now) {
        // Who may see one object may ask for the list, which then shows that one.
        var allowing = operation instanceof ListOperation<?> list
                ? assignments.anywhere(caller, list.action(), list.vault(), now)
                : assignments.allowing(caller, operation.action(), operation.target(), now);
        return allowing.filter(assignment -> resolved.usableFor(operation.action()))
                .map(Assignment::id)
                .orElseThrow(() -> refusal(caller, operation));
    }

    /** Which objects a caller may do something to: what a list shows. */
    public Predicate<RecordHeader> visible(Caller caller, Action action, Instant now) {
        return switch (caller) {
            case Caller.Resource resource ->
                header -> header.owner().filter(resource.owner()::equals).isPresent();
            case Caller.Clockwork clockwork -> header -> false;
            case Caller.ServiceAccount account -> allowed(caller, action, now);
            case Caller.User user -> allowed(caller, action, now);
        };
    }

    private Predicate<RecordHeader> allowed(Caller caller, Action action, Instant now) {
        return header -> assignments.allowing(caller, action, header.id(), now).isPresent();
    }

    /** The same text whether the vault, the object or the assignment is missing. */
    private static VaultException refusal(Caller caller, Operation<?> operation) {
        var target = operation.target();
        String hint = Role.leastFor(operation.action())
                .map(role -> ": an AccessAssignment with role '" + role.title() + "' for it on vault '"
                        + target.vault().name() + "' in namespace '"
                        + target.vault().namespace() + "' would allow it")
                .orElse("");
        return new VaultException(
                Code.FORBIDDEN,
                caller.name() + " may not " + operation.action().id() + " on " + target + ", or it is not there"
                        + hint);
    }

    private static void requireResource(Owner owner, Operation<?> operation, Resolved resolved) {
        var target = operation.target();
        boolean itself = owner.kind().equals(VAULT_RESOURCE)
                && owner.namespace().equals(target.vault().namespace())
                && owner.name().equals(target.vault().name());
        if (itself && operation.action() == Action.VAULT_BACKUP) {
            return; // a vault's own resource declares its backups, of whosever objects
        }
        if (target.kind() == ObjectKind.VAULT) {
            if (!itself) {
                throw new VaultException(Code.FORBIDDEN, owner + " is not the resource of vault " + target.vault());
            }
            return;
        }
        if (operation.action().usesKey()) {
            throw new VaultException(Code.FORBIDDEN, owner + " declares a key and does not use it");
        }
        requireUsable(owner, target, resolved);
        if (resolved.objectExists() && resolved.owner().filter(owner::equals).isEmpty()) {
            throw new VaultException(
                    Code.OWNED_BY_ANOTHER,
                    target + " is there already and was made by "
                            + resolved.owner().map(Owner::toString).orElse("a client of the API")
                            + ": choose another spec.name, or delete and purge that object first");
        }
    }

    private static void requireUsable(Owner owner, ObjectId target, Resolved resolved) {
        var vault = target.vault();
        if (owner.namespace().equals(vault.namespace())) {
            if (!resolved.usable()) {
                throw new VaultException(
                        Code.NOT_FOUND,
                        "there is no vault '" + vault.name() + "' in namespace '" + vault.namespace()
                                + "': apply a Vault of this name");
            }
        } else if (!resolved.usable()
                || !resolved.settings().orElseThrow().sharedWith().contains(owner.namespace())) {
            throw new VaultException(
                    Code.FORBIDDEN,
                    "the vault '" + vault.name() + "' in namespace '" + vault.namespace()
                            + "' is not there or not shared with namespace '" + owner.namespace()
                            + "': its owner would add this namespace to the Vault's spec.sharing.namespaces");
        }
    }

    private static void requireDate(Operation<?> operation, Resolved resolved, Moment moment) {
        if (operation instanceof VaultRetireKeys) {
            return;
        }
        // Whether an object is due, its own decision sees.
        boolean due = operation instanceof ObjectPurge
                || operation instanceof KeyRotateIfDue
                || operation instanceof KeyNearExpiry
                || (operation instanceof VaultPurge && Purging.due(resolved.lifecycle(), moment));
        if (!due) {
            throw new VaultException(Code.FORBIDDEN, "only what is due is done by its date");
        }
    }
}
