package dev.kluis.vault.model;

import dev.kluis.vault.VaultException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls and their answers as callers saw them, and whether there is an order of the calls, one after another, that keeps
 * to when they began and ended and in which the model gives the same answers (Herlihy and Wing, "Linearizability", 1990;
 * the search is Wing and Gong's with Lowe's memory of where it has been).
 */
final class History {

    /** What a caller was told who was told nothing. */
    enum Untold {
        /** Done or not done. */
        UNKNOWN,
        /** Not done: others were always first. */
        GIVEN_UP
    }

    /** @param returned {@link Long#MAX_VALUE} for an unknown one, which takes effect at any time from then on or never */
    record Event(Call call, long invoked, long returned, Object answer) {
        boolean unknown() {
            return answer == Untold.UNKNOWN;
        }

        Event returnedBy(long time) {
            return returned == Long.MAX_VALUE ? new Event(call, invoked, time, answer) : this;
        }
    }

    private record Node(BitSet done, World world) {}

    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    long now() {
        return clock.incrementAndGet();
    }

    void add(Call call, long invoked, Object answer) {
        events.add(new Event(call, invoked, answer == Untold.UNKNOWN ? Long.MAX_VALUE : now(), answer));
    }

    /** The process has ended: what it had under way is done by now or never. */
    void ended() {
        long now = now();
        var all = events.stream().map(event -> event.returnedBy(now)).toList();
        events.clear();
        events.addAll(all);
    }

    int size() {
        return events.size();
    }

    /**
     * The worlds that the calls can have led to.
     *
     * @throws AssertionError when there is none
     */
    Set<World> worlds(Set<World> starts) {
        var sorted =
                events.stream().sorted(Comparator.comparingLong(Event::invoked)).toList();
        var ends = new HashSet<World>();
        var seen = new HashSet<Node>();
        var stack = new ArrayDeque<Node>();
        starts.forEach(start -> stack.push(new Node(new BitSet(), start)));
        var farthest = stack.peek();
        while (!stack.isEmpty()) {
            var node = stack.pop();
            if (node.done().cardinality() == sorted.size()) {
                ends.add(node.world());
            } else if (seen.add(node)) {
                if (node.done().cardinality() > farthest.done().cardinality()) {
                    farthest = node;
                }
                next(sorted, node).forEach(stack::push);
            }
        }
        if (ends.isEmpty()) {
            throw new AssertionError(report(sorted, farthest));
        }
        return ends;
    }

    private static List<Node> next(List<Event> sorted, Node node) {
        var nodes = new ArrayList<Node>();
        for (int i : candidates(sorted, node.done())) {
            var event = sorted.get(i);
            if (event.answer() == Untold.GIVEN_UP) {
                return List.of(with(node, i, node.world()));
            }
            var step = Model.step(node.world(), event.call());
            if (event.unknown()) {
                nodes.add(with(node, i, step.world()));
                nodes.add(with(node, i, node.world()));
            } else if (step.answer().equals(event.answer())) {
                if (changesNothing(event)) {
                    return List.of(with(node, i, node.world())); // as well done now as later
                }
                nodes.add(with(node, i, step.world()));
            }
        }
        return nodes;
    }

    /**
     * Whether a call with this answer changes nothing, in whatever order: a change that finds nothing to change is none of
     * these, since after another one it may.
     */
    private static boolean changesNothing(Event event) {
        return event.answer() instanceof VaultException.Code
                || event.call().act() instanceof Call.Get
                || event.call().act() instanceof Call.GetMetadata
                || event.call().act() instanceof Call.GetVault;
    }

    /** Those that may come next: they began before any other that is left had ended. */
    private static List<Integer> candidates(List<Event> sorted, BitSet done) {
        var candidates = new ArrayList<Integer>();
        long horizon = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0);
                i < sorted.size() && sorted.get(i).invoked() < horizon;
                i = done.nextClearBit(i + 1)) {
            candidates.add(i);
            horizon = Math.min(horizon, sorted.get(i).returned());
        }
        return candidates;
    }

    private static Node with(Node node, int event, World world) {
        var done = (BitSet) node.done().clone();
        done.set(event);
        return new Node(done, world);
    }

    private static String report(List<Event> sorted, Node node) {
        var text = new StringBuilder("no order of the calls explains the answers; after "
                + node.done().cardinality() + " of " + sorted.size() + " calls the model holds\n  " + node.world()
                + "\nand none of these can come next:\n");
        for (int i : candidates(sorted, node.done())) {
            var event = sorted.get(i);
            text.append("  " + event + "\n    the model answers "
                    + Model.step(node.world(), event.call()).answer() + "\n");
        }
        text.append("before them:\n");
        int last = node.done().length();
        for (int i = Math.max(0, last - 25); i < last; i++) {
            text.append("  " + (node.done().get(i) ? "" : "(left) ") + sorted.get(i) + "\n");
        }
        return text.toString();
    }
}
