package dev.kluis.vault.access;

import static dev.kluis.vault.access.Action.ASSIGNMENT_DELETE;
import static dev.kluis.vault.access.Action.ASSIGNMENT_READ;
import static dev.kluis.vault.access.Action.ASSIGNMENT_WRITE;
import static dev.kluis.vault.access.Action.RANDOM_BYTES;
import static dev.kluis.vault.access.Action.VAULT_ACCEPT_RESTORE;
import static dev.kluis.vault.access.Action.VAULT_BACKUP;
import static dev.kluis.vault.access.Action.VAULT_PURGE;
import static dev.kluis.vault.access.Action.VAULT_READ;
import static dev.kluis.vault.access.Action.VAULT_RESTORE;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Key Vault's built-in roles, with their ids and data actions there. What they may on the vault itself is ours: in Key
 * Vault it belongs to the control plane.
 */
public enum Role implements RoleDefinition {
    ADMINISTRATOR(
            "Administrator",
            "00482a5a-887f-4fb3-b363-3b7fe8e74483",
            List.of("*"),
            VAULT_READ,
            VAULT_ACCEPT_RESTORE,
            VAULT_BACKUP,
            VAULT_RESTORE,
            ASSIGNMENT_READ,
            ASSIGNMENT_WRITE,
            ASSIGNMENT_DELETE),
    SECRETS_OFFICER("Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", List.of("secrets/*")),
    SECRETS_USER(
            "Secrets User",
            "4633458b-17de-408a-b874-0445c86b69e6",
            List.of("secrets/getSecret/action", "secrets/readMetadata/action")),
    CRYPTO_OFFICER(
            "Crypto Officer",
            "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
            List.of("keys/*", "keyrotationpolicies/*"),
            RANDOM_BYTES),
    CRYPTO_USER(
            "Crypto User",
            "12338af0-0e69-4776-bea7-57ae8d297424",
            List.of(
                    "keys/read",
                    "keys/update/action",
                    "keys/backup/action",
                    "keys/encrypt/action",
                    "keys/decrypt/action",
                    "keys/wrap/action",
                    "keys/unwrap/action",
                    "keys/sign/action",
                    "keys/verify/action"),
            RANDOM_BYTES),
    CRYPTO_SERVICE_ENCRYPTION_USER(
            "Crypto Service Encryption User",
            "e147488a-f6f5-4113-8e2d-b22465e65bf6",
            List.of("keys/read", "keys/wrap/action", "keys/unwrap/action")),
    CRYPTO_SERVICE_RELEASE_USER(
            "Crypto Service Release User", "08bbd89e-9f13-488c-ac41-acfcb10c90ab", List.of("keys/release/action")),
    CERTIFICATES_OFFICER(
            "Certificates Officer",
            "a4417e6f-fecd-4de8-b567-7b0420556985",
            List.of("certificatecas/*", "certificates/*", "certificatecontacts/write")),
    CERTIFICATE_USER(
            "Certificate User",
            "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
            List.of("certificates/read", "secrets/getSecret/action", "secrets/readMetadata/action", "keys/read")),
    READER(
            "Reader",
            "21090545-7ca7-4776-b22c-e363652d74d2",
            List.of("*/read", "secrets/readMetadata/action"),
            VAULT_READ,
            ASSIGNMENT_READ),
    PURGE_OPERATOR("Purge Operator", "a68e7c17-0ab2-4c09-9a58-125dae29748c", List.of(), VAULT_READ, VAULT_PURGE),
    DATA_ACCESS_ADMINISTRATOR(
            "Data Access Administrator",
            "8b54135c-b56d-4d72-a534-26097cfdc8d8",
            List.of(),
            VAULT_READ,
            ASSIGNMENT_READ,
            ASSIGNMENT_WRITE,
            ASSIGNMENT_DELETE);

    /** The roles that a Data Access Administrator may give; an Administrator may give any. */
    public static final Set<Role> DELEGABLE = Collections.unmodifiableSet(EnumSet.of(
            ADMINISTRATOR,
            CERTIFICATES_OFFICER,
            CRYPTO_OFFICER,
            CRYPTO_SERVICE_ENCRYPTION_USER,
            CRYPTO_USER,
            READER,
            SECRETS_OFFICER,
            SECRETS_USER));

    /** To use a value or a key is more than to see that it is there, so seeing much is less than using one. */
    private static final int WEIGHT_OF_USE = 100;

    private final String title;
    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> dataActions;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable view of a set that nobody else has
    private final Set<Action> actions;

    Role(String title, String id, List<String> dataActions, Action... onTheVault) {
        this.title = title;
        this.id = id;
        this.dataActions = dataActions;
        var all = EnumSet.noneOf(Action.class);
        dataActions.forEach(line -> all.addAll(Action.matching(line)));
        Collections.addAll(all, onTheVault);
        this.actions = Collections.unmodifiableSet(all);
    }

    @Override
    public String title() {
        return title;
    }

    /** Key Vault's role definition id, a UUID. */
    public String id() {
        return id;
    }

    /** The lines of the definition, with Key Vault's wildcards. */
    public List<String> dataActions() {
        return dataActions;
    }

    @Override
    public Set<Action> actions() {
        return actions;
    }

    /** The role of this title, exactly as written: no folding of case or space. */
    public static Optional<Role> ofTitle(String title) {
        return Arrays.stream(values()).filter(role -> role.title.equals(title)).findFirst();
    }

    /** The least role that allows an action, for hints. */
    public static Optional<Role> leastFor(Action action) {
        return leastFor(Set.of(action));
    }

    /** The least role that allows all of some actions; absent when there is none. */
    public static Optional<Role> leastFor(Collection<Action> actions) {
        return Arrays.stream(values())
                .filter(role -> role.actions.containsAll(actions))
                .min(Comparator.comparingInt(Role::weight));
    }

    private int weight() {
        return actions.stream()
                .mapToInt(action -> action.readsMetadata() ? 1 : WEIGHT_OF_USE)
                .sum();
    }
}
