package dev.kluis.operator.rest;

import java.util.Optional;

/**
 * What one identity may take of the API.
 *
 * @param concurrent how many of its requests are handled at once; more wait
 * @param rate absent is as many as there is room for
 */
public record FairShare(int concurrent, Optional<Rate> rate) {

    /** The most requests of one identity that can be handled at once. */
    public static final int MOST_CONCURRENT = 64;
    /** As long as nothing else is declared. */
    public static final FairShare DEFAULT = new FairShare(16, Optional.empty());

    public FairShare {
        if (concurrent < 1 || concurrent > MOST_CONCURRENT) {
            throw new IllegalArgumentException("concurrent is 1 to " + MOST_CONCURRENT);
        }
    }

    /**
     * How many requests in a time.
     *
     * @param burst how many may come at once after a rest
     */
    public record Rate(int perSecond, int burst) {

        /** The most of either. */
        public static final int MOST = 100_000;

        public Rate {
            if (perSecond < 1 || perSecond > MOST || burst < 1 || burst > MOST) {
                throw new IllegalArgumentException("requests per second, and a burst, are 1 to " + MOST);
            }
        }
    }
}
