package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Needs;
import java.util.concurrent.Semaphore;

/**
 * How many requests are under way at once, of each sort. Who has to prove nothing has a gate of his own, so that he keeps
 * nobody out who proves who he is, and one address leaves room for others.
 */
final class Gates {

    /** Those whose bodies may be larger than the default. */
    private static final int LARGE_AT_ONCE = 1;
    /** Those whose bodies come as streams, which may take long. */
    private static final int STREAMS_AT_ONCE = 2;

    private final Semaphore known;
    private final Gate open;
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE);
    private final Semaphore streams = new Semaphore(STREAMS_AT_ONCE);

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
        var gate = gate(route);
        if (!gate.tryAcquire()) {
            throw RestException.throttled("too many requests are being answered; trying again helps");
        }
        return gate::release;
    }

    private Semaphore gate(Route route) {
        if (route.streamed()) {
            return streams;
        }
        return route.bodyLimit() > Route.DEFAULT_BODY_LIMIT ? large : known;
    }

    /** How many more requests with a token are taken now. */
    int room() {
        return known.availablePermits();
    }
}
