package dev.kluis.vault.access;

import dev.kluis.vault.InvalidNameException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A tenant's own role, by the name of its VaultRole. It holds data actions only: nobody gives the rights of vaults and
 * assignments away by a role of his own.
 *
 * @param title a resource's name, {@code [a-z0-9.-]}, 1 to 63 characters
 */
public record CustomRole(String title, Set<Action> actions) implements RoleDefinition {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
    private static final Set<String> TAKEN =
            Arrays.stream(Role.values()).map(role -> letters(role.title())).collect(Collectors.toUnmodifiableSet());

    /** @throws InvalidNameException for a name that is not legal or looks like a built-in role's */
    public CustomRole {
        if (!NAME.matcher(title).matches()) {
            throw new InvalidNameException("a role's name is 1 to 63 of [a-z0-9.-]");
        }
        if (TAKEN.contains(letters(title))) {
            throw new InvalidNameException("'" + title + "' reads like a built-in role: choose another name");
        }
        if (actions.isEmpty() || actions.stream().anyMatch(action -> action.plane() != Action.Plane.DATA)) {
            throw new IllegalArgumentException("a custom role has at least one data action and no other");
        }
        actions = Collections.unmodifiableSet(EnumSet.copyOf(actions));
    }

    /** @throws InvalidNameException for a line that means no data action */
    public static CustomRole of(String title, Collection<String> dataActions) {
        var actions = EnumSet.noneOf(Action.class);
        for (String line : dataActions) {
            var meant = Action.matching(line);
            if (meant.isEmpty()) {
                throw new InvalidNameException("a data action that is not one of Key Vault's: they are ids such as"
                        + " secrets/getSecret/action, or *, secrets/*, */read");
            }
            actions.addAll(meant);
        }
        if (actions.isEmpty()) {
            throw new InvalidNameException("a role has at least one data action");
        }
        return new CustomRole(title, actions);
    }

    private static String letters(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
