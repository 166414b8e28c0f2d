package dev.kluis.operator.rest;

import java.util.ArrayDeque;
import java.util.Deque;

/** The places that one request holds, each from when it comes to it; one thread has them after the other. */
final class Places implements AutoCloseable {

    private final Deque<Place> held = new ArrayDeque<>();

    void take(Place place) {
        held.push(place);
    }

    void done() {
        held.forEach(Place::done);
    }

    /** Leaves them all, the last first. */
    @Override
    public void close() {
        while (!held.isEmpty()) {
            held.pop().close();
        }
    }
}
