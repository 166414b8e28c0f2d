package dev.kluis.operator.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how often clients' secrets can be guessed: in a minute so many wrong ones for a client from one address, and more
 * from all addresses together. What is counted for an address shuts nobody out elsewhere. What is counted for all would,
 * and therefore does not concern an address from which the client proved itself within a day.
 */
final class Guesses {

    /** In a minute, for one client. */
    static final int OF_ADDRESS = 10;

    static final int OF_CLIENT = 100;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration PROVEN = Duration.ofDays(1);
    private static final int ENTRIES = 10_000;

    private record From(String client, String address) {}

    private final LongSupplier nanoTime;
    private final Cache<From, Count> ofAddresses = counts();
    private final Cache<String, Count> ofClients = counts();
    /** Nobody gets into it by a wrong guess, so that guesses drive nobody out. */
    private final Cache<From, Boolean> proven =
            Caffeine.newBuilder().maximumSize(ENTRIES).expireAfterWrite(PROVEN).build();

    /** @param nanoTime a monotonic clock in nanoseconds */
    Guesses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static <K> Cache<K, Count> counts() {
        return Caffeine.newBuilder()
                .maximumSize(ENTRIES)
                .expireAfterAccess(WINDOW)
                .build();
    }

    /** Wrong guesses of a minute that began with the first. */
    private static final class Count {

        private long began;
        private int wrong;

        synchronized void take(long now, int most) {
            long passed = now - began;
            if (wrong == 0 || passed < 0 || passed >= WINDOW.toNanos()) {
                began = now;
                wrong = 0;
                passed = 0;
            }
            if (wrong >= most) {
                throw TokenRequestException.slowDown(
                        "too many wrong secrets came for this client, and until later a right one is not looked at either",
                        (int) Math.ceilDiv(
                                WINDOW.toNanos() - passed, Duration.ofSeconds(1).toNanos()));
            }
            wrong++;
        }

        synchronized void giveBack() {
            wrong = Math.max(0, wrong - 1);
        }
    }

    /** A guess that counts as wrong until it is known to be something else. */
    final class Guess {

        private final From from;
        private final Count ofAddress;
        private final Count ofAll;

        private Guess(From from, Count ofAddress, Count ofAll) {
            this.from = from;
            this.ofAddress = ofAddress;
            this.ofAll = ofAll;
        }

        void right() {
            proven.put(from, true);
            undecided();
        }

        /** Nobody could tell. */
        void undecided() {
            ofAddress.giveBack();
            ofAll.giveBack();
        }
    }

    /**
     * Counts a guess before anybody looks at it, so that of many at once no more are looked at than are allowed.
     *
     * @throws TokenRequestException when there were too many
     */
    Guess take(String client, String address) {
        var from = new From(client, address);
        long now = nanoTime.getAsLong();
        var ofAddress = ofAddresses.get(from, key -> new Count());
        ofAddress.take(now, OF_ADDRESS);
        var ofAll = proven.getIfPresent(from) == null ? ofClients.get(client, key -> new Count()) : new Count();
        try {
            ofAll.take(now, OF_CLIENT);
        } catch (TokenRequestException e) {
            ofAddress.giveBack();
            throw e;
        }
        return new Guess(from, ofAddress, ofAll);
    }
}
