package dev.kluis.vault.access;

import static dev.kluis.vault.access.Action.SECRET_BACKUP;
import static dev.kluis.vault.access.Action.SECRET_DELETE;
import static dev.kluis.vault.access.Action.SECRET_GET;
import static dev.kluis.vault.access.Action.SECRET_PURGE;
import static dev.kluis.vault.access.Action.SECRET_READ_METADATA;
import static dev.kluis.vault.access.Action.SECRET_RECOVER;
import static dev.kluis.vault.access.Action.SECRET_RESTORE;
import static dev.kluis.vault.access.Action.SECRET_SET;
import static dev.kluis.vault.access.Action.SECRET_UPDATE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Key Vault's built-in roles, with their ids there, and what they allow. */
public enum Role {
    ADMINISTRATOR("Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483", secretActions()),
    SECRETS_OFFICER("Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", secretActions()),
    SECRETS_USER("Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", EnumSet.of(SECRET_GET, SECRET_READ_METADATA)),
    READER("Reader", "21090545-7ca7-4776-b22c-e363652d74d2", EnumSet.of(SECRET_READ_METADATA));

    private final String title;
    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out, never changed
    private final Set<Action> actions;

    Role(String title, String id, Set<Action> actions) {
        this.title = title;
        this.id = id;
        this.actions = actions;
    }

    private static Set<Action> secretActions() {
        return EnumSet.of(
                SECRET_GET,
                SECRET_READ_METADATA,
                SECRET_SET,
                SECRET_UPDATE,
                SECRET_DELETE,
                SECRET_RECOVER,
                SECRET_PURGE,
                SECRET_BACKUP,
                SECRET_RESTORE);
    }

    /** The name that users write. */
    public String title() {
        return title;
    }

    /** Key Vault's role definition id, a UUID. */
    public String id() {
        return id;
    }

    public boolean allows(Action action) {
        return actions.contains(action);
    }

    /** The role of this title, exactly as written: no folding of case or space. */
    public static Optional<Role> ofTitle(String title) {
        return Arrays.stream(values()).filter(role -> role.title.equals(title)).findFirst();
    }

    /** The least role that allows an action, for hints. */
    public static Optional<Role> leastFor(Action action) {
        return Arrays.stream(values())
                .filter(role -> role.allows(action))
                .min((a, b) -> Integer.compare(a.actions.size(), b.actions.size()));
    }
}
