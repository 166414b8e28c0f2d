package dev.kluis.vault.access;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The assignments in force, found by vault and subject, so that a decision costs as much as the caller has groups and not
 * as there are assignments. Nothing is allowed that no assignment allows.
 */
public final class Assignments {

    private record Key(VaultId vault, Subject subject) {}

    private final Map<String, Assignment> byId = new HashMap<>();
    private final Map<Key, List<Assignment>> bySubject = new ConcurrentHashMap<>();

    /** Adds an assignment, or puts it in the place of the one with its id. */
    public synchronized void put(Assignment assignment) {
        var before = byId.put(assignment.id(), assignment);
        for (var subject : assignment.subjects()) {
            bySubject.merge(new Key(assignment.vault(), subject), List.of(assignment), Assignments::with);
        }
        if (before != null) {
            unlink(before, assignment);
        }
    }

    public synchronized void remove(String id) {
        var before = byId.remove(id);
        if (before != null) {
            unlink(before, null);
        }
    }

    /** The assignment that allows it, if one does. */
    public Optional<Assignment> allowing(Caller caller, Action action, ObjectId object, Instant now) {
        for (var subject : subjectsOf(caller)) {
            for (var assignment : bySubject.getOrDefault(new Key(object.vault(), subject), List.of())) {
                if (assignment.allows(action, object, now)) {
                    return Optional.of(assignment);
                }
            }
        }
        return Optional.empty();
    }

    /** An assignment that allows it on the vault or on any object of it, if one does. */
    public Optional<Assignment> anywhere(Caller caller, Action action, VaultId vault, Instant now) {
        return subjectsOf(caller).stream()
                .flatMap(subject -> bySubject.getOrDefault(new Key(vault, subject), List.of()).stream())
                .filter(assignment -> assignment.allows(action, now))
                .findFirst();
    }

    /** Namespaces of ServiceAccounts outside the vault's own that some assignment names, for what depends on a vault. */
    public synchronized List<Assignment> reachingOutOf(VaultId vault) {
        return byId.values().stream()
                .filter(assignment -> assignment.vault().equals(vault))
                .filter(assignment -> assignment.subjects().stream()
                        .anyMatch(subject -> subject instanceof Subject.ServiceAccount(String namespace, String name)
                                && !namespace.equals(vault.namespace())))
                .toList();
    }

    private static List<Subject> subjectsOf(Caller caller) {
        return switch (caller) {
            case Caller.ServiceAccount account ->
                List.of(new Subject.ServiceAccount(account.namespace(), account.account()));
            case Caller.User user -> {
                var subjects = new ArrayList<Subject>();
                subjects.add(new Subject.User(user.name()));
                user.groups().forEach(group -> subjects.add(new Subject.Group(group)));
                yield subjects;
            }
            case Caller.Resource resource -> List.of();
            case Caller.Clockwork clockwork -> List.of();
        };
    }

    private static List<Assignment> with(List<Assignment> some, List<Assignment> more) {
        var all = new ArrayList<Assignment>(some.size() + more.size());
        some.stream()
                .filter(one -> more.stream().noneMatch(other -> other.id().equals(one.id())))
                .forEach(all::add);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Takes an assignment out of the places where its successor does not stand. */
    private void unlink(Assignment before, @Nullable Assignment after) {
        for (var subject : before.subjects()) {
            if (after != null
                    && after.vault().equals(before.vault())
                    && after.subjects().contains(subject)) {
                continue;
            }
            bySubject.computeIfPresent(new Key(before.vault(), subject), (key, list) -> {
                var rest = list.stream()
                        .filter(one -> !one.id().equals(before.id()))
                        .toList();
                return rest.isEmpty() ? null : rest;
            });
        }
    }
}
