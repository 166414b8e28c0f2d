package dev.kluis.vault.access;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Answers about access, from the assignments in force and nothing else: whether an object is there is not told. Everybody
 * may ask about himself, and then learns of assignments to himself only; who may read a vault's assignments (Administrator,
 * Data Access Administrator, Reader on the whole vault) may ask about anybody in it.
 */
public final class AccessQuestions {

    /** The most assignments that are named as nearly allowing something. */
    private static final int NEAREST = 5;

    private final Assignments assignments;
    private final InstantSource clock;

    public AccessQuestions(Assignments assignments, InstantSource clock) {
        this.assignments = assignments;
        this.clock = clock;
    }

    /** Why an assignment does not allow something. */
    public enum Obstacle {
        EXPIRED("it has expired"),
        SCOPE("its scope has other objects"),
        ROLE("its role lacks the action"),
        SUBJECT("it is for other subjects");

        private final String words;

        Obstacle(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** An assignment that does not allow something, and all that keeps it from it. */
    public record Near(Assignment assignment, List<Obstacle> obstacles) {}

    /**
     * A decision with its reason.
     *
     * @param by the assignment that allows it; absent is refused
     * @param nearest of a refusal, those with the fewest obstacles first
     */
    public record Explanation(Caller who, Action action, ObjectId object, Optional<Assignment> by, List<Near> nearest) {

        public boolean allowed() {
            return by.isPresent();
        }

        /** Without the vault's namespace, which who calls a vault by its DNS name need not know. */
        private String target() {
            String vault = "vault '" + object.vault().name() + "'";
            return object.name().isEmpty() ? vault : object.kind().collection() + "/" + object.name() + " of " + vault;
        }

        /** One line for the decision and one for each near assignment. */
        public String text() {
            var text = new StringBuilder(who.name())
                    .append(allowed() ? " may " : " may not ")
                    .append(action.id())
                    .append(" on ")
                    .append(target());
            by.ifPresent(assignment -> text.append(": ")
                    .append(assignment.id())
                    .append(" gives '")
                    .append(assignment.role().title())
                    .append('\'')
                    .append(assignment.expires().map(end -> " until " + end).orElse("")));
            if (!allowed()) {
                text.append(nearest.isEmpty() ? ": no assignment comes near" : ", and these come near");
            }
            nearest.forEach(near -> text.append("\n  ")
                    .append(near.assignment().id())
                    .append(" ('")
                    .append(near.assignment().role().title())
                    .append("'): ")
                    .append(String.join(
                            "; ", near.obstacles().stream().map(Obstacle::words).toList())));
            return text.toString();
        }
    }

    /** A subject that may do something, and the assignment by which. */
    public record Holder(Subject subject, Assignment assignment) {}

    /** @throws VaultException when it is about another and the asker may not read assignments */
    public Explanation why(Caller asker, Caller who, Action action, ObjectId object) {
        boolean all = mayAskAboutAnybody(asker, object.vault());
        if (!all && !same(asker, who)) {
            throw refusal(asker, object.vault());
        }
        var now = clock.instant();
        var by = assignments.allowing(who, action, object, now);
        return new Explanation(
                who, action, object, by, by.isPresent() ? List.of() : nearest(all, who, action, object, now));
    }

    /** Whether the asker may do something himself. */
    public boolean canI(Caller asker, Action action, ObjectId object) {
        return assignments.allowing(asker, action, object, clock.instant()).isPresent();
    }

    /** Who may do something, sorted; groups stand for all that are in them. */
    public List<Holder> whoCan(Caller asker, Action action, ObjectId object) {
        requireMayAsk(asker, object.vault());
        var now = clock.instant();
        return assignments.of(object.vault(), action).stream()
                .filter(assignment -> assignment.allows(action, object, now))
                .flatMap(assignment -> assignment.subjects().stream().map(subject -> new Holder(subject, assignment)))
                .sorted(Comparator.comparing((Holder holder) -> holder.subject().toString())
                        .thenComparing(holder -> holder.assignment().id()))
                .toList();
    }

    /**
     * What of a vault's assignments was not used.
     *
     * @param uses all of a time, as the audit has them
     */
    public List<UnusedAccess> unused(Caller asker, VaultId vault, List<Use> uses) {
        requireMayAsk(asker, vault);
        return assignments.of(vault, Action.SECRET_GET).stream()
                .map(assignment -> UnusedAccess.of(
                        assignment,
                        uses.stream()
                                .filter(use -> use.assignment().equals(assignment.id()))
                                .toList()))
                .filter(UnusedAccess::any)
                .toList();
    }

    /** What would replace a vault's access policies; empty where roles decide already. */
    public AccessPolicyReport report(Caller asker, VaultId vault) {
        requireMayAsk(asker, vault);
        var policies = new ArrayList<Assignment>();
        if (assignments.usesPolicies(vault)) {
            policies.addAll(assignments.of(vault, Action.SECRET_GET));
        }
        // Policy 2 before policy 10.
        policies.sort(Comparator.comparingInt((Assignment policy) -> policy.id().length())
                .thenComparing(Assignment::id));
        return AccessPolicyReport.of(vault, policies, policies.isEmpty() ? List.of() : assignments.assigned(vault));
    }

    /** @throws VaultException when the asker may not read the vault's assignments */
    public void requireMayAsk(Caller asker, VaultId vault) {
        if (!mayAskAboutAnybody(asker, vault)) {
            throw refusal(asker, vault);
        }
    }

    private boolean mayAskAboutAnybody(Caller asker, VaultId vault) {
        return assignments
                .allowing(asker, Action.ASSIGNMENT_READ, ObjectId.vault(vault), clock.instant())
                .isPresent();
    }

    /** The same text whether there is such a vault or not. */
    private static VaultException refusal(Caller asker, VaultId vault) {
        return new VaultException(
                Code.FORBIDDEN,
                asker.name() + " may not " + Action.ASSIGNMENT_READ.id() + " on vault '" + vault.name()
                        + "', or it is not there:"
                        + " role 'Reader', 'Administrator' or 'Data Access Administrator' on the whole vault allows it");
    }

    private static boolean same(Caller asker, Caller who) {
        var one = Subject.of(asker);
        var other = Subject.of(who);
        return !one.isEmpty() && !other.isEmpty() && one.getFirst().equals(other.getFirst()) && one.containsAll(other);
    }

    private List<Near> nearest(boolean all, Caller who, Action action, ObjectId object, Instant now) {
        var subjects = Subject.of(who);
        return assignments.of(object.vault(), action).stream()
                .map(assignment -> new Near(assignment, obstacles(assignment, subjects, action, object, now)))
                .filter(near -> all || !near.obstacles().contains(Obstacle.SUBJECT))
                .sorted(Comparator.comparingInt((Near near) -> near.obstacles().size())
                        .thenComparing(near -> near.assignment().id()))
                .limit(NEAREST)
                .toList();
    }

    private static List<Obstacle> obstacles(
            Assignment assignment, List<Subject> subjects, Action action, ObjectId object, Instant now) {
        var obstacles = new ArrayList<Obstacle>();
        if (!assignment.inForce(now)) {
            obstacles.add(Obstacle.EXPIRED);
        }
        if (!assignment.scope().covers(object)) {
            obstacles.add(Obstacle.SCOPE);
        }
        if (!assignment.role().allows(action)) {
            obstacles.add(Obstacle.ROLE);
        }
        if (assignment.subjects().stream().noneMatch(subjects::contains)) {
            obstacles.add(Obstacle.SUBJECT);
        }
        return List.copyOf(obstacles);
    }
}
