package dev.kluis.vault.access;

import java.util.Set;

/** What an assignment allows: a built-in role, a custom one, or the permissions of an access policy. */
public sealed interface RoleDefinition permits Role, CustomRole, PolicyPermissions {

    /** The name that users write. */
    String title();

    /** All that it allows; not changed afterwards. */
    Set<Action> actions();

    default boolean allows(Action action) {
        return actions().contains(action);
    }
}
