package dev.kluis.vault.access;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Assignments by whom and what they are for, so that a decision looks at a number of places that depends on the caller's
 * groups and on the lengths of prefixes, and never on how many assignments there are. In each place and for each action it
 * keeps the one that lasts longest: when that one is over, so are the others. One writer at a time; readers need no lock.
 */
final class Grants {

    private static final Comparator<Assignment> LONGEST = Comparator.comparing(
                    (Assignment one) -> one.expires().orElse(Instant.MAX))
            .reversed()
            .thenComparing(Assignment::id);

    private record Holder(VaultId vault, Subject subject) {}

    private record Place(String collection, String text, boolean prefix) {
        static final Place VAULT = new Place("", "", false);
    }

    private final Map<String, Assignment> byId = new ConcurrentHashMap<>();
    private final Map<VaultId, Map<String, Assignment>> byVault = new ConcurrentHashMap<>();
    private final Map<Holder, Held> byHolder = new ConcurrentHashMap<>();

    /** Before it takes the old one out it puts the new one in: what both allow is allowed at every moment. */
    void put(Assignment assignment) {
        var before = byId.put(assignment.id(), assignment);
        byVault.computeIfAbsent(assignment.vault(), vault -> new ConcurrentHashMap<>())
                .put(assignment.id(), assignment);
        holders(assignment)
                .forEach(holder ->
                        byHolder.computeIfAbsent(holder, any -> new Held()).put(assignment));
        if (before != null) {
            takeOut(before, assignment);
        }
    }

    void remove(String id) {
        var before = byId.remove(id);
        if (before != null) {
            takeOut(before, null);
        }
    }

    private void takeOut(Assignment before, @Nullable Assignment after) {
        if (after == null || !after.vault().equals(before.vault())) {
            byVault.computeIfPresent(before.vault(), (vault, some) -> {
                some.remove(before.id());
                return some.isEmpty() ? null : some;
            });
        }
        var stay = after == null ? Set.<Holder>of() : holders(after);
        for (var holder : holders(before)) {
            byHolder.computeIfPresent(holder, (key, held) -> {
                held.remove(before, stay.contains(holder) ? after : null);
                return held.isEmpty() ? null : held;
            });
        }
    }

    private static Set<Holder> holders(Assignment assignment) {
        var holders = new HashSet<Holder>();
        assignment.subjects().forEach(subject -> holders.add(new Holder(assignment.vault(), subject)));
        return holders;
    }

    Optional<Assignment> allowing(List<Subject> subjects, Action action, ObjectId object, Instant now) {
        for (var subject : subjects) {
            var held = byHolder.get(new Holder(object.vault(), subject));
            var found = held == null ? null : held.allowing(action, object, now);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    Optional<Assignment> anywhere(List<Subject> subjects, Action action, VaultId vault, Instant now) {
        for (var subject : subjects) {
            var held = byHolder.get(new Holder(vault, subject));
            var found = held == null ? null : held.anywhere.allowing(action, now);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    Stream<Assignment> of(VaultId vault) {
        return byVault.getOrDefault(vault, Map.of()).values().stream().sorted(Comparator.comparing(Assignment::id));
    }

    /** What one subject holds in one vault. */
    private static final class Held {
        private final Best anywhere = new Best();
        private final Map<Place, Best> places = new ConcurrentHashMap<>();
        /** How many places there are of prefixes of a length. */
        private final SortedMap<Integer, Integer> prefixes = new TreeMap<>();

        private volatile int[] prefixLengths = {};

        void put(Assignment assignment) {
            anywhere.put(assignment, assignment.reach());
            for (var place : places(assignment)) {
                places.computeIfAbsent(place, this::opened).put(assignment, reach(assignment, place));
            }
        }

        void remove(Assignment before, @Nullable Assignment after) {
            if (after == null) {
                anywhere.remove(before);
            }
            var stay = after == null ? Set.<Place>of() : places(after);
            for (var place : places(before)) {
                if (!stay.contains(place)) {
                    places.computeIfPresent(place, (key, best) -> best.remove(before) ? closed(key) : best);
                }
            }
        }

        boolean isEmpty() {
            return places.isEmpty();
        }

        @Nullable
        Assignment allowing(Action action, ObjectId object, Instant now) {
            var found = at(Place.VAULT, action, now);
            String collection = object.kind().collection();
            if (found == null) {
                found = at(new Place(collection, object.name(), false), action, now);
            }
            for (int length : prefixLengths) {
                if (found != null || length > object.name().length()) {
                    break;
                }
                found = at(new Place(collection, object.name().substring(0, length), true), action, now);
            }
            return found;
        }

        private @Nullable Assignment at(Place place, Action action, Instant now) {
            var best = places.get(place);
            return best == null ? null : best.allowing(action, now);
        }

        private Best opened(Place place) {
            if (place.prefix() && prefixes.merge(place.text().length(), 1, Integer::sum) == 1) {
                prefixLengths = lengths();
            }
            return new Best();
        }

        private @Nullable Best closed(Place place) {
            if (place.prefix()
                    && prefixes.computeIfPresent(place.text().length(), (length, n) -> n == 1 ? null : n - 1) == null) {
                prefixLengths = lengths();
            }
            return null;
        }

        private int[] lengths() {
            return prefixes.keySet().stream().mapToInt(Integer::intValue).toArray();
        }

        private static Set<Place> places(Assignment assignment) {
            return switch (assignment.scope()) {
                case Scope.WholeVault whole -> Set.of(Place.VAULT);
                case Scope.Objects objects -> {
                    var places = new HashSet<Place>();
                    objects.collections().forEach((collection, names) -> {
                        names.names().forEach(name -> places.add(new Place(collection, name, false)));
                        names.prefixes().forEach(prefix -> places.add(new Place(collection, prefix, true)));
                    });
                    yield places;
                }
            };
        }

        private static Set<Action> reach(Assignment assignment, Place place) {
            return place.equals(Place.VAULT)
                    ? assignment.role().actions()
                    : new HashSet<>(assignment.role().actions().stream()
                            .filter(action -> action.collection()
                                    .filter(place.collection()::equals)
                                    .isPresent())
                            .toList());
        }
    }

    /** Of the assignments in one place, for each action the one that lasts longest. */
    private static final class Best {
        private record Member(Assignment assignment, Set<Action> actions) {}

        private final Map<String, Member> members = new HashMap<>();
        private volatile Map<Action, Assignment> best = Map.of();

        void put(Assignment assignment, Set<Action> actions) {
            var before = members.put(assignment.id(), new Member(assignment, actions));
            var next = new EnumMap<Action, Assignment>(Action.class);
            if (before == null) {
                next.putAll(best);
                actions.forEach(action -> next.merge(action, assignment, Best::longer));
            } else {
                members.values()
                        .forEach(member -> member.actions()
                                .forEach(action -> next.merge(action, member.assignment(), Best::longer)));
            }
            best = next;
        }

        /** Whether nothing is left. */
        boolean remove(Assignment assignment) {
            members.remove(assignment.id());
            if (best.containsValue(assignment)) {
                var next = new EnumMap<Action, Assignment>(Action.class);
                members.values()
                        .forEach(member -> member.actions()
                                .forEach(action -> next.merge(action, member.assignment(), Best::longer)));
                best = next;
            }
            return members.isEmpty();
        }

        private static Assignment longer(Assignment one, Assignment other) {
            return LONGEST.compare(one, other) <= 0 ? one : other;
        }

        @Nullable
        Assignment allowing(Action action, Instant now) {
            var longest = best.get(action);
            return longest != null && longest.inForce(now) ? longest : null;
        }
    }
}
