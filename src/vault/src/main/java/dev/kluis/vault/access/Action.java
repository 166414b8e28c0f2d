package dev.kluis.vault.access;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a role may allow. The ids of {@link Plane#DATA} are Key Vault's data actions, below
 * {@code Microsoft.KeyVault/vaults/}; those of {@link Plane#CONTROL} are about vaults themselves and about who may do
 * what in them, which Key Vault leaves to its control plane.
 */
public enum Action {
    SECRET_GET("secrets/getSecret/action"),
    SECRET_READ_METADATA("secrets/readMetadata/action"),
    SECRET_SET("secrets/setSecret/action"),
    SECRET_UPDATE("secrets/update/action"),
    SECRET_DELETE("secrets/delete"),
    SECRET_RECOVER("secrets/recover/action"),
    SECRET_PURGE("secrets/purge/action"),
    SECRET_BACKUP("secrets/backup/action"),
    SECRET_RESTORE("secrets/restore/action"),

    KEY_READ("keys/read"),
    KEY_CREATE("keys/create/action"),
    KEY_IMPORT("keys/import/action"),
    KEY_UPDATE("keys/update/action"),
    KEY_DELETE("keys/delete"),
    KEY_RECOVER("keys/recover/action"),
    KEY_PURGE("keys/purge/action"),
    KEY_BACKUP("keys/backup/action"),
    KEY_RESTORE("keys/restore/action"),
    KEY_ENCRYPT("keys/encrypt/action"),
    KEY_DECRYPT("keys/decrypt/action"),
    KEY_WRAP("keys/wrap/action"),
    KEY_UNWRAP("keys/unwrap/action"),
    KEY_SIGN("keys/sign/action"),
    KEY_VERIFY("keys/verify/action"),
    KEY_RELEASE("keys/release/action"),
    KEY_ROTATE("keys/rotate/action"),
    KEY_ROTATION_POLICY_READ("keyrotationpolicies/read"),
    KEY_ROTATION_POLICY_WRITE("keyrotationpolicies/write"),

    /** Random bytes, which in Key Vault a Managed HSM alone draws. */
    RANDOM_BYTES("rng/action"),

    CERTIFICATE_READ("certificates/read"),
    CERTIFICATE_CREATE("certificates/create/action"),
    CERTIFICATE_IMPORT("certificates/import/action"),
    CERTIFICATE_UPDATE("certificates/update/action"),
    CERTIFICATE_DELETE("certificates/delete"),
    CERTIFICATE_RECOVER("certificates/recover/action"),
    CERTIFICATE_PURGE("certificates/purge/action"),
    CERTIFICATE_BACKUP("certificates/backup/action"),
    CERTIFICATE_RESTORE("certificates/restore/action"),
    CERTIFICATE_AUTHORITY_READ("certificatecas/read"),
    CERTIFICATE_AUTHORITY_WRITE("certificatecas/write"),
    CERTIFICATE_AUTHORITY_DELETE("certificatecas/delete"),
    CERTIFICATE_CONTACTS_WRITE("certificatecontacts/write"),

    /** Every object of the vault with its values, encrypted to a recipient: as much as all other reads together. */
    VAULT_BACKUP("backup/action", Plane.CONTROL),
    VAULT_RESTORE("restore/action", Plane.CONTROL),

    VAULT_READ("read", Plane.CONTROL),
    VAULT_WRITE("write", Plane.CONTROL),
    VAULT_DELETE("delete", Plane.CONTROL),
    VAULT_PURGE("purge/action", Plane.CONTROL),
    VAULT_ACCEPT_RESTORE("acceptRestore/action", Plane.CONTROL),
    ASSIGNMENT_READ("roleAssignments/read", Plane.CONTROL),
    ASSIGNMENT_WRITE("roleAssignments/write", Plane.CONTROL),
    ASSIGNMENT_DELETE("roleAssignments/delete", Plane.CONTROL);

    /** Custom roles and wildcards reach data actions only. */
    public enum Plane {
        DATA,
        CONTROL
    }

    private static final Map<String, Action> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Action::id, Function.identity()));

    /** The collections whose objects a scope can name. */
    static final Set<String> COLLECTIONS = Set.of("secrets", "keys", "certificates");

    private final String id;
    private final Plane plane;

    Action(String id) {
        this(id, Plane.DATA);
    }

    Action(String id, Plane plane) {
        this.id = id;
        this.plane = plane;
    }

    public String id() {
        return id;
    }

    public Plane plane() {
        return plane;
    }

    /** The collection of the objects that it is done to; empty for what concerns the whole vault. */
    public Optional<String> collection() {
        String first = id.substring(0, Math.max(0, id.indexOf('/')));
        String collection = first.equals("keyrotationpolicies") ? "keys" : first;
        return Optional.of(collection).filter(COLLECTIONS::contains);
    }

    /** Whether it shows what objects there are and neither a value nor the use of a key, and changes nothing. */
    boolean readsMetadata() {
        return this == SECRET_READ_METADATA || id.endsWith("/read") || this == VAULT_READ;
    }

    /** Whether it computes with a key, or gives it away. */
    boolean usesKey() {
        return switch (this) {
            case KEY_ENCRYPT, KEY_DECRYPT, KEY_WRAP, KEY_UNWRAP, KEY_SIGN, KEY_VERIFY, KEY_RELEASE -> true;
            default -> false;
        };
    }

    /**
     * The data actions that a role's line means: one by its id, all by {@code *}, those of a collection by
     * {@code secrets/*}, those of a name by {@code *}{@code /read}. Byte by byte; anything else means none.
     */
    public static Set<Action> matching(String line) {
        var matching = EnumSet.noneOf(Action.class);
        for (var action : values()) {
            if (action.plane == Plane.DATA && matches(line, action.id)) {
                matching.add(action);
            }
        }
        return matching;
    }

    private static boolean matches(String line, String id) {
        if (line.equals("*")) {
            return true;
        }
        if (line.endsWith("/*")) {
            return id.startsWith(line.substring(0, line.length() - 1));
        }
        return line.startsWith("*/") ? id.endsWith(line.substring(1)) : id.equals(line);
    }

    /** The action of this id, byte by byte. */
    public static Optional<Action> ofId(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
