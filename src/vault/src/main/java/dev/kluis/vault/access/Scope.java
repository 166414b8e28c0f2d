package dev.kluis.vault.access;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an assignment is about. */
public sealed interface Scope {

    Scope WHOLE_VAULT = new WholeVault();

    boolean covers(ObjectId object);

    /** Whether it covers some object that the action can be done to. */
    boolean reaches(Action action);

    /** The vault with all that is in it, now and later. */
    record WholeVault() implements Scope {
        @Override
        public boolean covers(ObjectId object) {
            return true;
        }

        @Override
        public boolean reaches(Action action) {
            return true;
        }
    }

    /**
     * Some objects, whether they are there or not.
     *
     * @param collections by {@code secrets}, {@code keys} or {@code certificates}: at least one
     */
    record Objects(Map<String, Names> collections) implements Scope {
        public Objects {
            collections = Map.copyOf(collections);
            if (collections.isEmpty() || !Action.COLLECTIONS.containsAll(collections.keySet())) {
                throw new IllegalArgumentException("a scope is about secrets, keys or certificates");
            }
        }

        @Override
        public boolean covers(ObjectId object) {
            return Optional.ofNullable(collections.get(object.kind().collection()))
                    .filter(names -> names.cover(object.name()))
                    .isPresent();
        }

        @Override
        public boolean reaches(Action action) {
            return action.collection().filter(collections::containsKey).isPresent();
        }
    }

    /**
     * Names and beginnings of names, at least one, kept in lower case as object names are. A name is only itself: there
     * are no wildcards, and what is no object's name is refused.
     */
    record Names(Set<String> names, Set<String> prefixes) {

        private static final Pattern LEGAL = Pattern.compile("[0-9a-zA-Z-]{1,127}");

        /** @throws InvalidNameException for what cannot be an object's name or the beginning of one, or for nothing at all */
        public Names {
            names = lowerCase(names);
            prefixes = lowerCase(prefixes);
            if (names.isEmpty() && prefixes.isEmpty()) {
                throw new InvalidNameException("a scope names at least one object or prefix");
            }
        }

        boolean cover(String name) {
            return names.contains(name) || prefixes.stream().anyMatch(name::startsWith);
        }

        private static Set<String> lowerCase(Set<String> names) {
            return names.stream()
                    .map(name -> {
                        // Before folding: there are letters outside of ASCII whose lower case is inside of it.
                        if (!LEGAL.matcher(name).matches()) {
                            throw new InvalidNameException(
                                    "a name or prefix of a scope is not 1 to 127 of [0-9a-zA-Z-]");
                        }
                        return name.toLowerCase(Locale.ROOT);
                    })
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    static Scope secrets(String... names) {
        return new Objects(Map.of("secrets", new Names(Arrays.stream(names).collect(Collectors.toSet()), Set.of())));
    }

    static Scope secretPrefixes(String... prefixes) {
        return new Objects(
                Map.of("secrets", new Names(Set.of(), Arrays.stream(prefixes).collect(Collectors.toSet()))));
    }
}
