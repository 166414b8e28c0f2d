package dev.kluis.bench;

/** How much is done to measure. Little shows that all of it runs; its numbers say nothing. */
enum Effort {
    FULL,
    LITTLE;

    private static final int PART = 50;

    int of(int full) {
        return this == FULL ? full : Math.max(1, full / PART);
    }

    /** Rounds, of which one is enough to see that it runs. */
    int rounds(int full) {
        return this == FULL ? full : 1;
    }
}
