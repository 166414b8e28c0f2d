package dev.kluis.operator.rest;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections: no more than a limit, and none that asks for nothing. A connection on which no request is under
 * way has to complete the head of one in time, whatever trickles in meanwhile.
 */
final class Connections {

    private static final class Use {
        int underWay;
        long silentSince = System.nanoTime();
    }

    private final int limit;
    private final Duration silence;
    private final Map<HttpConnection, Use> open = new ConcurrentHashMap<>();

    /** @param silence how long a connection may ask for nothing */
    Connections(int limit, Duration silence) {
        this.limit = limit;
        this.silence = silence;
    }

    void opened(HttpConnection connection) {
        if (open.size() >= limit) {
            var _ = connection.close();
            return;
        }
        open.put(connection, new Use());
        connection.closeHandler(closed -> open.remove(connection));
    }

    void begins(HttpConnection connection) {
        change(connection, 1);
    }

    void ends(HttpConnection connection) {
        change(connection, -1);
    }

    private void change(HttpConnection connection, int by) {
        var use = open.get(connection);
        if (use != null) {
            synchronized (use) {
                use.underWay += by;
                use.silentSince = System.nanoTime();
            }
        }
    }

    /** Called from time to time. */
    void closeSilent() {
        open.forEach((connection, use) -> {
            boolean silent;
            synchronized (use) {
                silent = use.underWay == 0 && System.nanoTime() - use.silentSince > silence.toNanos();
            }
            if (silent) {
                var _ = connection.close();
            }
        });
    }
}
