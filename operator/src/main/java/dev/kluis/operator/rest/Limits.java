package dev.kluis.operator.rest;

import java.time.Duration;

/**
 * What clients may take together of a server.
 *
 * @param connections open at once
 * @param requests with a token that are answered at once; each may have a body of 64 KiB
 * @param open requests that need no token and are answered at once, of which one address has half
 * @param silence how long a connection may ask for nothing
 */
record Limits(int connections, int requests, int open, Duration silence) {
    static final Limits DEFAULT = new Limits(1200, 256, 16, Duration.ofSeconds(60));
}
