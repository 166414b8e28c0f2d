package dev.kluis.vault.access;

import dev.kluis.vault.ObjectKind;

/**
 * The actions that objects of every kind have.
 *
 * @param read to see that it is there, with everything but its values
 */
public record ObjectActions(
        Action read, Action update, Action delete, Action recover, Action purge, Action backup, Action restore) {

    private static final ObjectActions SECRET = new ObjectActions(
            Action.SECRET_READ_METADATA,
            Action.SECRET_UPDATE,
            Action.SECRET_DELETE,
            Action.SECRET_RECOVER,
            Action.SECRET_PURGE,
            Action.SECRET_BACKUP,
            Action.SECRET_RESTORE);

    private static final ObjectActions KEY = new ObjectActions(
            Action.KEY_READ,
            Action.KEY_UPDATE,
            Action.KEY_DELETE,
            Action.KEY_RECOVER,
            Action.KEY_PURGE,
            Action.KEY_BACKUP,
            Action.KEY_RESTORE);

    /** @throws IllegalArgumentException for what is no kind of object */
    public static ObjectActions of(ObjectKind kind) {
        return switch (kind) {
            case SECRET -> SECRET;
            case KEY -> KEY;
            case VAULT, CHECKPOINT -> throw new IllegalArgumentException("no object of a vault");
        };
    }
}
