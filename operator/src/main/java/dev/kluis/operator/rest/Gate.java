package dev.kluis.operator.rest;

import java.util.HashMap;
import java.util.Map;

/** Lets so many in at once, and so many of each name; nobody waits. */
final class Gate {

    private final int places;
    private final int each;
    /** Who has a place, and how many; who has none is not there. */
    private final Map<String, Integer> inside = new HashMap<>();

    private int taken;

    Gate(int places, int each) {
        this.places = places;
        this.each = each;
    }

    /** @throws RestException 429 where there is no place for this name */
    synchronized Place enter(String name) {
        if (inside.getOrDefault(name, 0) >= each) {
            throw RestException.throttled(
                    "too many of your requests of this sort are being answered; trying again helps");
        }
        if (taken >= places) {
            throw RestException.throttled("too many requests of this sort are being answered; trying again helps");
        }
        taken++;
        inside.merge(name, 1, Integer::sum);
        return () -> leave(name);
    }

    private synchronized void leave(String name) {
        taken--;
        inside.computeIfPresent(name, (same, count) -> count > 1 ? count - 1 : null);
    }
}
