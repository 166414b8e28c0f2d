package dev.kluis.operator.rest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.vault.Caller;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Gives each identity its share, so that none starves the others, whatever it sends.
 *
 * <p>Of the requests that are under way at once, one identity has no more than half of the room that is left, and always
 * some: whoever comes finds room, and it counts whatever vaults the requests name. Of those, only some are handled at the
 * same time and the rest wait their turn ({@link Turns}), so that the others' requests stand behind few of them. Where a
 * Vault declares a rate, more is told to come again later.
 */
public final class FairShares {

    /** Whoever has no more than this under way is never refused while there is room at all. */
    private static final int ALWAYS = 8;

    /** How much of one identity's work a request of another stands behind at most, where one was there lately. */
    private static final Duration AHEAD_OF_OTHERS = Duration.ofNanos(100_000);

    /** Many at once are handled with less effort for each. */
    private static final Duration AHEAD_OF_NOBODY = Duration.ofNanos(500_000);

    private static final Duration LATELY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int IDENTITIES = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    private record Key(Optional<VaultId> vault, String caller) {}

    private static final class Use {
        final FairShare share;
        final Turns waiting;
        final Turns computing;
        double tokens;
        long filled;

        Use(FairShare share, int processors, long now) {
            this.share = share;
            this.waiting = Turns.waiting(share.concurrent());
            this.computing = Turns.computing(processors, share.concurrent());
            this.tokens = share.rate().map(FairShare.Rate::burst).orElse(0);
            this.filled = now;
        }
    }

    private final int processors;
    private final LongSupplier nanoTime;
    private final Map<VaultId, FairShare> declared = new ConcurrentHashMap<>();
    private final Cache<Key, Use> uses = Caffeine.newBuilder()
            .maximumSize(IDENTITIES)
            .expireAfterAccess(REMEMBERED)
            .executor(Runnable::run)
            .build();

    private record Seen(String caller, long at) {}

    /** Who came last, and who last before him was another. */
    private volatile Seen last = new Seen("", 0);

    private volatile Seen other = last;

    /** How many requests of each are under way, of whatever vaults; who has none is not there. */
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

    /**
     * @param processors how many requests can be computed at once
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public FairShares(int processors, LongSupplier nanoTime) {
        this.processors = processors;
        this.nanoTime = nanoTime;
    }

    /** What each identity has of a vault's; absent is what it has anyway. */
    public void declare(VaultId vault, Optional<FairShare> share) {
        share.ifPresentOrElse(one -> declared.put(vault, one), () -> declared.remove(vault));
    }

    /**
     * Waits for a place.
     *
     * @param room how many more requests the server takes now
     * @throws RestException 429 when the share is used up
     */
    Place enter(Caller caller, Optional<VaultId> vault, Route.Work work, int room) throws InterruptedException {
        // Vaults that declare nothing share one account, or whoever names many would have as many shares.
        var share = vault.map(declared::get);
        var use = use(
                new Key(share.isPresent() ? vault : Optional.empty(), caller.name()), share.orElse(FairShare.DEFAULT));
        takeToken(use);
        if (underWay.merge(caller.name(), 1, Integer::sum) > Math.max(ALWAYS, room / 2)) {
            leave(caller);
            throw RestException.throttled("too many of your requests are under way; trying again helps");
        }
        var turns = switch (work) {
            case COMPUTES -> use.computing;
            case WAITS -> use.waiting;
        };
        boolean entered = false;
        try {
            entered = turns.take(aheadOf(caller.name()), PATIENCE);
        } finally {
            if (!entered) {
                leave(caller);
            }
        }
        if (!entered) {
            throw RestException.throttled("your requests wait for each other too long; fewer at once help");
        }
        return new Held(caller, turns, nanoTime.getAsLong());
    }

    private final class Held implements Place {

        private final Caller caller;
        private final Turns turns;
        private final long since;
        private long took = -1;

        Held(Caller caller, Turns turns, long since) {
            this.caller = caller;
            this.turns = turns;
            this.since = since;
        }

        @Override
        public void done() {
            took = nanoTime.getAsLong() - since;
        }

        @Override
        public void close() {
            turns.leave(took);
            leave(caller);
        }
    }

    /** What two threads see at the same time may be a request old. */
    private Duration aheadOf(String caller) {
        long now = nanoTime.getAsLong();
        var before = last;
        if (!before.caller.equals(caller)) {
            other = before;
            last = new Seen(caller, now);
        } else if (now - before.at > LATELY.toNanos() / 2) {
            last = new Seen(caller, now);
        }
        var someone = other;
        boolean lately = !someone.caller.isEmpty() && now - someone.at < LATELY.toNanos();
        return lately ? AHEAD_OF_OTHERS : AHEAD_OF_NOBODY;
    }

    private void leave(Caller caller) {
        underWay.computeIfPresent(caller.name(), (name, count) -> count > 1 ? count - 1 : null);
    }

    /** One that counts by what is declared now. */
    private Use use(Key key, FairShare share) {
        var known = uses.getIfPresent(key);
        if (known != null && known.share.equals(share)) {
            return known;
        }
        return uses.asMap()
                .compute(
                        key,
                        (same, there) -> there != null && there.share.equals(share)
                                ? there
                                : new Use(share, processors, nanoTime.getAsLong()));
    }

    private void takeToken(Use use) {
        var rate = use.share.rate();
        if (rate.isEmpty()) {
            return;
        }
        double missing;
        synchronized (use) {
            long now = nanoTime.getAsLong();
            use.tokens = Math.min(
                    rate.get().burst(),
                    use.tokens + (now - use.filled) / NANOS * rate.get().perSecond());
            use.filled = now;
            missing = 1 - use.tokens;
            if (missing <= 0) {
                use.tokens--;
            }
        }
        if (missing > 0) {
            int seconds = (int) Math.ceil(missing / rate.get().perSecond());
            throw RestException.throttled(
                    "this vault takes " + rate.get().perSecond() + " requests a second of each caller",
                    Math.max(1, seconds));
        }
    }
}
