package dev.kluis.vault.access;

import static java.util.Map.entry;

import dev.kluis.vault.InvalidNameException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The permissions of one access policy, Key Vault's older model: words per collection, on the whole vault. What each word
 * means in data actions is what Key Vault's migration guide says.
 *
 * @param title the policy's place, for people
 */
public record PolicyPermissions(String title, Set<Action> actions) implements RoleDefinition {

    private static final Map<String, Map<String, Set<Action>>> WORDS = Map.of(
            "secrets",
                    Map.of(
                            "get", Set.of(Action.SECRET_GET),
                            "list", Set.of(Action.SECRET_READ_METADATA),
                            "set", Set.of(Action.SECRET_SET, Action.SECRET_UPDATE),
                            "delete", Set.of(Action.SECRET_DELETE),
                            "recover", Set.of(Action.SECRET_RECOVER),
                            "backup", Set.of(Action.SECRET_BACKUP),
                            "restore", Set.of(Action.SECRET_RESTORE),
                            "purge", Set.of(Action.SECRET_PURGE)),
            "keys",
                    Map.ofEntries(
                            entry("get", Set.of(Action.KEY_READ)),
                            entry("list", Set.of(Action.KEY_READ)),
                            entry("update", Set.of(Action.KEY_UPDATE)),
                            entry("create", Set.of(Action.KEY_CREATE)),
                            entry("import", Set.of(Action.KEY_IMPORT)),
                            entry("delete", Set.of(Action.KEY_DELETE)),
                            entry("recover", Set.of(Action.KEY_RECOVER)),
                            entry("backup", Set.of(Action.KEY_BACKUP)),
                            entry("restore", Set.of(Action.KEY_RESTORE)),
                            entry("decrypt", Set.of(Action.KEY_DECRYPT)),
                            entry("encrypt", Set.of(Action.KEY_ENCRYPT)),
                            entry("unwrapKey", Set.of(Action.KEY_UNWRAP)),
                            entry("wrapKey", Set.of(Action.KEY_WRAP)),
                            entry("verify", Set.of(Action.KEY_VERIFY)),
                            entry("sign", Set.of(Action.KEY_SIGN)),
                            entry("purge", Set.of(Action.KEY_PURGE)),
                            entry("release", Set.of(Action.KEY_RELEASE)),
                            entry("rotate", Set.of(Action.KEY_ROTATE)),
                            entry("getrotationpolicy", Set.of(Action.KEY_ROTATION_POLICY_READ)),
                            entry("setrotationpolicy", Set.of(Action.KEY_ROTATION_POLICY_WRITE))),
            "certificates",
                    Map.ofEntries(
                            entry("get", Set.of(Action.CERTIFICATE_READ)),
                            entry("list", Set.of(Action.CERTIFICATE_READ)),
                            entry("create", Set.of(Action.CERTIFICATE_CREATE)),
                            entry("import", Set.of(Action.CERTIFICATE_IMPORT)),
                            entry("update", Set.of(Action.CERTIFICATE_UPDATE)),
                            entry("delete", Set.of(Action.CERTIFICATE_DELETE)),
                            entry("recover", Set.of(Action.CERTIFICATE_RECOVER)),
                            entry("backup", Set.of(Action.CERTIFICATE_BACKUP)),
                            entry("restore", Set.of(Action.CERTIFICATE_RESTORE)),
                            entry("purge", Set.of(Action.CERTIFICATE_PURGE)),
                            entry("managecontacts", Set.of(Action.CERTIFICATE_CONTACTS_WRITE)),
                            entry("getissuers", Set.of(Action.CERTIFICATE_AUTHORITY_READ)),
                            entry("listissuers", Set.of(Action.CERTIFICATE_AUTHORITY_READ)),
                            entry("setissuers", Set.of(Action.CERTIFICATE_AUTHORITY_WRITE)),
                            entry("deleteissuers", Set.of(Action.CERTIFICATE_AUTHORITY_DELETE)),
                            entry("manageissuers", Set.of(Action.CERTIFICATE_AUTHORITY_WRITE))));

    public PolicyPermissions {
        if (actions.stream().anyMatch(action -> action.plane() != Action.Plane.DATA)) {
            throw new IllegalArgumentException("an access policy is about data actions only");
        }
        var copy = EnumSet.noneOf(Action.class);
        copy.addAll(actions);
        actions = Collections.unmodifiableSet(copy);
    }

    /**
     * @param words by {@code secrets}, {@code keys} and {@code certificates}
     * @throws InvalidNameException for a word that is no permission there
     */
    public static PolicyPermissions of(String title, Map<String, ? extends Collection<String>> words) {
        var actions = EnumSet.noneOf(Action.class);
        words.forEach((collection, some) -> some.forEach(word -> {
            var meant = WORDS.getOrDefault(collection, Map.of()).get(word);
            if (meant == null) {
                throw new InvalidNameException("a permission that " + collection + " do not have: theirs are "
                        + String.join(", ", words(collection)));
            }
            actions.addAll(meant);
        }));
        return new PolicyPermissions(title, actions);
    }

    /** The permissions of a collection, sorted. */
    public static List<String> words(String collection) {
        return WORDS.getOrDefault(collection, Map.of()).keySet().stream()
                .sorted()
                .toList();
    }
}
