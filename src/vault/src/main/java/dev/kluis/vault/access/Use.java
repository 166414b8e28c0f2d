package dev.kluis.vault.access;

import java.util.Map;
import java.util.Optional;

/**
 * That an assignment was used, as the audit tells it.
 *
 * @param caller the name that authentication proved
 * @param action absent for an operation that this version does not know, which counts as a use of everything
 * @param collection with {@code object} the object; empty for the vault, as of a list
 */
public record Use(String assignment, String caller, Optional<Action> action, String collection, String object) {

    private static final Map<String, Action> ACTIONS = Map.ofEntries(
            Map.entry("SecretGet", Action.SECRET_GET),
            Map.entry("SecretGetMetadata", Action.SECRET_READ_METADATA),
            Map.entry("SecretGetDeleted", Action.SECRET_READ_METADATA),
            Map.entry("SecretList", Action.SECRET_READ_METADATA),
            Map.entry("SecretListDeleted", Action.SECRET_READ_METADATA),
            Map.entry("SecretListVersions", Action.SECRET_READ_METADATA),
            Map.entry("ClientSecretVerify", Action.SECRET_GET),
            Map.entry("ClientSecretVersion", Action.SECRET_GET),
            Map.entry("SecretSet", Action.SECRET_SET),
            Map.entry("SecretUpdate", Action.SECRET_UPDATE),
            Map.entry("SecretDelete", Action.SECRET_DELETE),
            Map.entry("SecretRecover", Action.SECRET_RECOVER),
            Map.entry("SecretPurge", Action.SECRET_PURGE),
            Map.entry("SecretBackup", Action.SECRET_BACKUP),
            Map.entry("SecretRestore", Action.SECRET_RESTORE),
            Map.entry("SecretRestoreQuestion", Action.SECRET_RESTORE),
            Map.entry("KeyGet", Action.KEY_READ),
            Map.entry("KeyGetMetadata", Action.KEY_READ),
            Map.entry("KeyGetDeleted", Action.KEY_READ),
            Map.entry("KeyList", Action.KEY_READ),
            Map.entry("KeyListDeleted", Action.KEY_READ),
            Map.entry("KeyListVersions", Action.KEY_READ),
            Map.entry("KeyCreate", Action.KEY_CREATE),
            Map.entry("KeyImport", Action.KEY_IMPORT),
            Map.entry("KeyUpdate", Action.KEY_UPDATE),
            Map.entry("KeyDelete", Action.KEY_DELETE),
            Map.entry("KeyRecover", Action.KEY_RECOVER),
            Map.entry("KeyPurge", Action.KEY_PURGE),
            Map.entry("KeyBackup", Action.KEY_BACKUP),
            Map.entry("KeyRestore", Action.KEY_RESTORE),
            Map.entry("KeyRestoreQuestion", Action.KEY_RESTORE),
            Map.entry("KeyEncrypt", Action.KEY_ENCRYPT),
            Map.entry("KeyDecrypt", Action.KEY_DECRYPT),
            Map.entry("KeyWrap", Action.KEY_WRAP),
            Map.entry("KeyUnwrap", Action.KEY_UNWRAP),
            Map.entry("KeySign", Action.KEY_SIGN),
            Map.entry("KeyVerify", Action.KEY_VERIFY),
            Map.entry("KeyRelease", Action.KEY_RELEASE),
            Map.entry("KeyRotate", Action.KEY_ROTATE),
            Map.entry("KeyRotationPolicyGet", Action.KEY_ROTATION_POLICY_READ),
            Map.entry("KeyRotationPolicySet", Action.KEY_ROTATION_POLICY_WRITE),
            Map.entry("RandomBytesGet", Action.RANDOM_BYTES),
            Map.entry("VaultBackup", Action.VAULT_BACKUP),
            Map.entry("VaultBackupCreate", Action.VAULT_BACKUP),
            Map.entry("VaultBackupList", Action.VAULT_BACKUP),
            Map.entry("VaultBackupProgress", Action.VAULT_BACKUP),
            Map.entry("VaultRestore", Action.VAULT_RESTORE),
            Map.entry("VaultRestoreKey", Action.VAULT_RESTORE),
            Map.entry("VaultAcceptRestore", Action.VAULT_ACCEPT_RESTORE),
            Map.entry("AuditRead", Action.ASSIGNMENT_READ),
            Map.entry("VaultBackupIdentity", Action.VAULT_READ),
            Map.entry("VaultGet", Action.VAULT_READ),
            Map.entry("VaultPurge", Action.VAULT_PURGE));

    /**
     * What a record of the audit says.
     *
     * @param operation Key Vault's name of it
     * @param resource {@code namespace/vault} or {@code namespace/vault/collection/name}; what is written in another way
     *     counts as a use of everything too
     */
    public static Use of(String assignment, String caller, String operation, String resource) {
        String[] path = resource.split("/", -1);
        boolean known = path.length == 2 || (path.length == 4 && Action.COLLECTIONS.contains(path[2]));
        return new Use(
                assignment,
                caller,
                Optional.ofNullable(ACTIONS.get(operation)).filter(action -> known),
                known && path.length == 4 ? path[2] : "",
                known && path.length == 4 ? path[3] : "");
    }
}
