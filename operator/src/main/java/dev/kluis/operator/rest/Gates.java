package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Needs;
import dev.kluis.vault.Caller;
import java.util.concurrent.Semaphore;

/**
 * How many requests are under way at once, of each sort. Who has to prove nothing has a gate of his own, so that he keeps
 * nobody out who proves who he is, and one address leaves room for others. What is dear to take has few places, which are
 * for who is known and may ask: one for each.
 */
final class Gates {

    /** Bodies that memory holds and that are longer than {@link Route#LARGE_BODY}. */
    private static final int LARGE_AT_ONCE = 1;
    /** Those whose bodies come as streams, which may take long. */
    private static final int STREAMS_AT_ONCE = 2;
    /** Bodies between the default limit and a large one: 8 MiB together. */
    private static final int MIDDLING_AT_ONCE = 32;

    private final Semaphore known;
    private final Gate open;
    private final Gate middling = new Gate(MIDDLING_AT_ONCE, MIDDLING_AT_ONCE / 2);
    private final Gate large = new Gate(LARGE_AT_ONCE, 1);
    private final Gate streams = new Gate(STREAMS_AT_ONCE, 1);

    Gates(Limits limits) {
        this.known = new Semaphore(limits.requests());
        this.open = new Gate(limits.open(), Math.max(1, limits.open() / 2));
    }

    /**
     * Lets a request in of which no more than the head is known.
     *
     * @param address that it came from
     * @throws RestException 429 where there is no place
     */
    Place enter(Route route, String address) {
        if (route.needs() == Needs.NOTHING) {
            return open.enter(address);
        }
        if (!known.tryAcquire()) {
            throw RestException.throttled("too many requests are being answered; trying again helps");
        }
        return known::release;
    }

    /**
     * Lets the body of a request in whose caller may ask.
     *
     * @param bytes how long the body may get
     * @throws RestException 429 where there is no place
     */
    Place enter(Route route, Caller caller, long bytes) {
        if (route.streamed()) {
            return streams.enter(caller.name());
        }
        if (bytes > Route.LARGE_BODY) {
            return large.enter(caller.name());
        }
        return bytes > Route.DEFAULT_BODY_LIMIT ? middling.enter(caller.name()) : Place.FREE;
    }

    /** How many more requests with a token are taken now. */
    int room() {
        return known.availablePermits();
    }
}
